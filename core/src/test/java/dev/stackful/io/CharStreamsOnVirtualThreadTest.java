package dev.stackful.io;

import dev.stackful.Engine;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class CharStreamsOnVirtualThreadTest extends CharStreamsContract {
  CharStreamsOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
