package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class VirtualThreadTransferTest extends TransferContract {
  VirtualThreadTransferTest() {
    super(Engine.VIRTUAL_THREAD, 50_000);
  }
}
