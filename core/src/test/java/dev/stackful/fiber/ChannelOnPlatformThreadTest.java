package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class ChannelOnPlatformThreadTest extends ChannelContract {
  ChannelOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
