package dev.stackful.io;

import dev.stackful.Engine;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class ByteSourceOnVirtualThreadTest extends ByteSourceContract {
  ByteSourceOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
