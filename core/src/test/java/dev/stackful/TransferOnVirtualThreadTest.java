package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class TransferOnVirtualThreadTest extends TransferContract {
  TransferOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD, 50_000);
  }
}
