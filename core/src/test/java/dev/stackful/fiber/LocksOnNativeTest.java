package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#NATIVE} keeps the contract. */
final class LocksOnNativeTest extends LocksContract {
  LocksOnNativeTest() {
    super(Engine.NATIVE);
  }
}
