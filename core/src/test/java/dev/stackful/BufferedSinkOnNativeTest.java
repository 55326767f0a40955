package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract with a buffer. */
final class BufferedSinkOnNativeTest extends SinkContract {
  BufferedSinkOnNativeTest() {
    super(Engine.NATIVE, 3);
  }
}
