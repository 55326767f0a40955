package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class VirtualThreadFiberTest extends FiberContract {
  VirtualThreadFiberTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
