package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class LocksOnPlatformThreadTest extends LocksContract {
  LocksOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
