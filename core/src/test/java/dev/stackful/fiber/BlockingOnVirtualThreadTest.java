package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class BlockingOnVirtualThreadTest extends BlockingContract {
  BlockingOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
