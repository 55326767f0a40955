package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#NATIVE} keeps the contract. */
final class EndpointOnNativeTest extends EndpointContract {
  EndpointOnNativeTest() {
    super(Engine.NATIVE);
  }
}
