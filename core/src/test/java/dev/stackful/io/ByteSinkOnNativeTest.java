package dev.stackful.io;

import dev.stackful.Engine;

/** {@link Engine#NATIVE} keeps the contract. */
final class ByteSinkOnNativeTest extends ByteSinkContract {
  ByteSinkOnNativeTest() {
    super(Engine.NATIVE);
  }
}
