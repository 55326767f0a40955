package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#NATIVE} keeps the contract. */
final class FiberScopeOnNativeTest extends FiberScopeContract {
  FiberScopeOnNativeTest() {
    super(Engine.NATIVE);
  }
}
