package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class CoroutineOnPlatformThreadTest extends CoroutineContract {
  CoroutineOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
