package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#NATIVE} keeps the contract. */
final class NativeChannelTest extends ChannelContract {
  NativeChannelTest() {
    super(Engine.NATIVE);
  }
}
