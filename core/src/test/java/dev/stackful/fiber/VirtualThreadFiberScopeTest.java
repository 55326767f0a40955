package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class VirtualThreadFiberScopeTest extends FiberScopeContract {
  VirtualThreadFiberScopeTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
