package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class PlatformThreadTransferTest extends TransferContract {
  PlatformThreadTransferTest() {
    super(Engine.PLATFORM_THREAD, 20_000);
  }
}
