package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class WaitsOnPlatformThreadTest extends WaitsContract {
  WaitsOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
