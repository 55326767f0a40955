package dev.stackful.io;

import dev.stackful.Engine;

/** {@link Engine#NATIVE} keeps the contract. */
final class CharStreamsOnNativeTest extends CharStreamsContract {
  CharStreamsOnNativeTest() {
    super(Engine.NATIVE);
  }
}
