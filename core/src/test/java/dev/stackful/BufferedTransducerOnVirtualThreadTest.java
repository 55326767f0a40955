package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract with a buffer. */
final class BufferedTransducerOnVirtualThreadTest extends TransducerContract {
  BufferedTransducerOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD, 3);
  }
}
