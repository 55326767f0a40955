package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#NATIVE} keeps the contract. */
final class FiberLocalOnNativeTest extends FiberLocalContract {
  FiberLocalOnNativeTest() {
    super(Engine.NATIVE);
  }
}
