package dev.stackful.io;

import dev.stackful.Engine;

/** {@link Engine#NATIVE} keeps the contract. */
final class ByteSourceOnNativeTest extends ByteSourceContract {
  ByteSourceOnNativeTest() {
    super(Engine.NATIVE);
  }
}
