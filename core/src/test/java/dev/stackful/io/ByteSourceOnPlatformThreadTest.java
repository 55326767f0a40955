package dev.stackful.io;

import dev.stackful.Engine;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class ByteSourceOnPlatformThreadTest extends ByteSourceContract {
  ByteSourceOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
