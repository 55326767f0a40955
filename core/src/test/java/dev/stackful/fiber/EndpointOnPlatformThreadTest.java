package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class EndpointOnPlatformThreadTest extends EndpointContract {
  EndpointOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
