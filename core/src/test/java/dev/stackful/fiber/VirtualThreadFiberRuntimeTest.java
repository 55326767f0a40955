package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class VirtualThreadFiberRuntimeTest extends FiberRuntimeContract {
  VirtualThreadFiberRuntimeTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
