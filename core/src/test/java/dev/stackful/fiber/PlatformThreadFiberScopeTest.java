package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class PlatformThreadFiberScopeTest extends FiberScopeContract {
  PlatformThreadFiberScopeTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
