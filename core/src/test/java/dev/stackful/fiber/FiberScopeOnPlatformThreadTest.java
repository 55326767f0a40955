package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class FiberScopeOnPlatformThreadTest extends FiberScopeContract {
  FiberScopeOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
