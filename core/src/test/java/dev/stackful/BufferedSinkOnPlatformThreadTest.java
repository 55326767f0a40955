package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract with a buffer. */
final class BufferedSinkOnPlatformThreadTest extends SinkContract {
  BufferedSinkOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD, 3);
  }
}
