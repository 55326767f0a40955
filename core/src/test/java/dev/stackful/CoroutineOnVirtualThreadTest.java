package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class CoroutineOnVirtualThreadTest extends CoroutineContract {
  CoroutineOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
