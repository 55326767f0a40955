package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class TransducerOnPlatformThreadTest extends TransducerContract {
  TransducerOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD, 1);
  }
}
