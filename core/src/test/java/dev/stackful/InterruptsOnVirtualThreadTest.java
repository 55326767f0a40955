package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class InterruptsOnVirtualThreadTest extends InterruptsContract {
  InterruptsOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
