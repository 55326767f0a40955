package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#NATIVE} keeps the contract. */
final class WaitsOnNativeTest extends WaitsContract {
  WaitsOnNativeTest() {
    super(Engine.NATIVE);
  }
}
