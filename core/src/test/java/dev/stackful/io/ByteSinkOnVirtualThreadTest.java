package dev.stackful.io;

import dev.stackful.Engine;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class ByteSinkOnVirtualThreadTest extends ByteSinkContract {
  ByteSinkOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
