package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class ThreadLocalsOnPlatformThreadTest extends ThreadLocalsContract {
  ThreadLocalsOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
