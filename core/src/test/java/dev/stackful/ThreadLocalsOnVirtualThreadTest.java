package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class ThreadLocalsOnVirtualThreadTest extends ThreadLocalsContract {
  ThreadLocalsOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
