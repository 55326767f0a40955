package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class PlatformThreadCoroutineTest extends CoroutineContract {
  PlatformThreadCoroutineTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
