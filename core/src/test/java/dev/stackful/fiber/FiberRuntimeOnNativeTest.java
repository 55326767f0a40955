package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#NATIVE} keeps the contract. */
final class FiberRuntimeOnNativeTest extends FiberRuntimeContract {
  FiberRuntimeOnNativeTest() {
    super(Engine.NATIVE);
  }
}
