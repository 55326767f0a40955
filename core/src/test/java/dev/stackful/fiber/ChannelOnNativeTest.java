package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#NATIVE} keeps the contract. */
final class ChannelOnNativeTest extends ChannelContract {
  ChannelOnNativeTest() {
    super(Engine.NATIVE);
  }
}
