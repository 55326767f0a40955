package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class WaitsOnVirtualThreadTest extends WaitsContract {
  WaitsOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
