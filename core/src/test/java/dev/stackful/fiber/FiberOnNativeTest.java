package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#NATIVE} keeps the contract. */
final class FiberOnNativeTest extends FiberContract {
  FiberOnNativeTest() {
    super(Engine.NATIVE);
  }
}
