package dev.stackful.io;

import dev.stackful.Engine;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class CharStreamsOnPlatformThreadTest extends CharStreamsContract {
  CharStreamsOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
