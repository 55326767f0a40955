package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class FiberOnVirtualThreadTest extends FiberContract {
  FiberOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
