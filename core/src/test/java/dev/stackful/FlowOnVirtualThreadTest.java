package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class FlowOnVirtualThreadTest extends FlowContract {
  FlowOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
