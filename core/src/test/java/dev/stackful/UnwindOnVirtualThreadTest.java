package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class UnwindOnVirtualThreadTest extends UnwindContract {
  UnwindOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
