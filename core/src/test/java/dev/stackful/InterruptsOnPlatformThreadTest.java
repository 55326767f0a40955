package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class InterruptsOnPlatformThreadTest extends InterruptsContract {
  InterruptsOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
