package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#NATIVE} keeps the contract. */
final class TimeoutOnNativeTest extends TimeoutContract {
  TimeoutOnNativeTest() {
    super(Engine.NATIVE);
  }
}
