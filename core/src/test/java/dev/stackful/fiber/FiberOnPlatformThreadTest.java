package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class FiberOnPlatformThreadTest extends FiberContract {
  FiberOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
