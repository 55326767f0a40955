package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#NATIVE} keeps the contract. */
final class NativeFiberRuntimeTest extends FiberRuntimeContract {
  NativeFiberRuntimeTest() {
    super(Engine.NATIVE);
  }
}
