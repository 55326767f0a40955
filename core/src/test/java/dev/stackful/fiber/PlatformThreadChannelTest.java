package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class PlatformThreadChannelTest extends ChannelContract {
  PlatformThreadChannelTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
