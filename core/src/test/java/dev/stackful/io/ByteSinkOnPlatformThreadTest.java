package dev.stackful.io;

import dev.stackful.Engine;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class ByteSinkOnPlatformThreadTest extends ByteSinkContract {
  ByteSinkOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
