package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class UnwindOnPlatformThreadTest extends UnwindContract {
  UnwindOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
