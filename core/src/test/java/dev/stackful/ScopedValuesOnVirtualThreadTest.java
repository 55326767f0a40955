package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class ScopedValuesOnVirtualThreadTest extends ScopedValuesContract {
  ScopedValuesOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
