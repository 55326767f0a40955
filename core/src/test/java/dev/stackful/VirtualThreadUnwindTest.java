package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class VirtualThreadUnwindTest extends UnwindContract {
  VirtualThreadUnwindTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
