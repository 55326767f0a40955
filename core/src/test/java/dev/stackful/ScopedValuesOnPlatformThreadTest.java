package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class ScopedValuesOnPlatformThreadTest extends ScopedValuesContract {
  ScopedValuesOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
