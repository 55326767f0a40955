package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class ContextElementsOnVirtualThreadTest extends ContextElementsContract {
  ContextElementsOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
