package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class SinkOnVirtualThreadTest extends SinkContract {
  SinkOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD, 1);
  }
}
