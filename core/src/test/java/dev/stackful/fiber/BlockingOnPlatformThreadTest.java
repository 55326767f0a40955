package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class BlockingOnPlatformThreadTest extends BlockingContract {
  BlockingOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
