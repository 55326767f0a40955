package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract. */
final class TransducerOnNativeTest extends TransducerContract {
  TransducerOnNativeTest() {
    super(Engine.NATIVE, 1);
  }
}
