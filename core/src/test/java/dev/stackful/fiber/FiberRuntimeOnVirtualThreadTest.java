package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class FiberRuntimeOnVirtualThreadTest extends FiberRuntimeContract {
  FiberRuntimeOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
