package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class ChannelOnVirtualThreadTest extends ChannelContract {
  ChannelOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
