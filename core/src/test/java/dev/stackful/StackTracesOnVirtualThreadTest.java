package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class StackTracesOnVirtualThreadTest extends StackTracesContract {
  StackTracesOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
