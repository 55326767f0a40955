package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class TimeoutOnVirtualThreadTest extends TimeoutContract {
  TimeoutOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
