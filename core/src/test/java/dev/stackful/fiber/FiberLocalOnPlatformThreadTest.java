package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class FiberLocalOnPlatformThreadTest extends FiberLocalContract {
  FiberLocalOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
