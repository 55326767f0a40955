package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class EndpointOnVirtualThreadTest extends EndpointContract {
  EndpointOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
