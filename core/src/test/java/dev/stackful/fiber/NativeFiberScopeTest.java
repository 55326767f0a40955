package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#NATIVE} keeps the contract. */
final class NativeFiberScopeTest extends FiberScopeContract {
  NativeFiberScopeTest() {
    super(Engine.NATIVE);
  }
}
