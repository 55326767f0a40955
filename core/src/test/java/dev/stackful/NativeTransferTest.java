package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract. */
final class NativeTransferTest extends TransferContract {
  NativeTransferTest() {
    super(Engine.NATIVE, 1_000_000);
  }
}
