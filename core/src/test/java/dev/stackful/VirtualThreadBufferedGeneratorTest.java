package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract, with a buffer. */
final class VirtualThreadBufferedGeneratorTest extends GeneratorContract {
  VirtualThreadBufferedGeneratorTest() {
    super(Engine.VIRTUAL_THREAD, 7);
  }
}
