package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class FiberScopeOnVirtualThreadTest extends FiberScopeContract {
  FiberScopeOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
