package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class LocksOnVirtualThreadTest extends LocksContract {
  LocksOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
