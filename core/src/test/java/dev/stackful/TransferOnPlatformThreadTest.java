package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class TransferOnPlatformThreadTest extends TransferContract {
  TransferOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD, 20_000);
  }
}
