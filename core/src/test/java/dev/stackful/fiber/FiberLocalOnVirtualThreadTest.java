package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class FiberLocalOnVirtualThreadTest extends FiberLocalContract {
  FiberLocalOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
