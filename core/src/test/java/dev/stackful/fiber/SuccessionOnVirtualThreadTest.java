package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class SuccessionOnVirtualThreadTest extends SuccessionContract {
  SuccessionOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
