package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract with a buffer. */
final class BufferedTransducerOnNativeTest extends TransducerContract {
  BufferedTransducerOnNativeTest() {
    super(Engine.NATIVE, 3);
  }
}
