package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class PlatformThreadUnwindTest extends UnwindContract {
  PlatformThreadUnwindTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
