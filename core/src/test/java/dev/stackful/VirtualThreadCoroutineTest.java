package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class VirtualThreadCoroutineTest extends CoroutineContract {
  VirtualThreadCoroutineTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
