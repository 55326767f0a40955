package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class PlatformThreadFiberTest extends FiberContract {
  PlatformThreadFiberTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
