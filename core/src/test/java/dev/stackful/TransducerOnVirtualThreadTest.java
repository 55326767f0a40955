package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class TransducerOnVirtualThreadTest extends TransducerContract {
  TransducerOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD, 1);
  }
}
