package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract, with a buffer. */
final class BufferedGeneratorOnVirtualThreadTest extends GeneratorContract {
  BufferedGeneratorOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD, 7);
  }
}
