package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class FiberRuntimeOnPlatformThreadTest extends FiberRuntimeContract {
  FiberRuntimeOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
