package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class SuccessionOnPlatformThreadTest extends SuccessionContract {
  SuccessionOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
