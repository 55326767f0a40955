package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class VirtualThreadChannelTest extends ChannelContract {
  VirtualThreadChannelTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
