package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class TimeoutOnPlatformThreadTest extends TimeoutContract {
  TimeoutOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
