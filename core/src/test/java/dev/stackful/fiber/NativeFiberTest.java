package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#NATIVE} keeps the contract. */
final class NativeFiberTest extends FiberContract {
  NativeFiberTest() {
    super(Engine.NATIVE);
  }
}
