package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract. */
final class TransferOnNativeTest extends TransferContract {
  TransferOnNativeTest() {
    super(Engine.NATIVE, 1_000_000);
  }
}
