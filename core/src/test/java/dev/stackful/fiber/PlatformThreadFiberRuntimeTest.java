package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class PlatformThreadFiberRuntimeTest extends FiberRuntimeContract {
  PlatformThreadFiberRuntimeTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
