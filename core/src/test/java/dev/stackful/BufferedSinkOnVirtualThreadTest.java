package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract with a buffer. */
final class BufferedSinkOnVirtualThreadTest extends SinkContract {
  BufferedSinkOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD, 3);
  }
}
