package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class SinkOnPlatformThreadTest extends SinkContract {
  SinkOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD, 1);
  }
}
