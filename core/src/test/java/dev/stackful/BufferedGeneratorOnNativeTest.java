package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract, with a buffer. */
final class BufferedGeneratorOnNativeTest extends GeneratorContract {
  BufferedGeneratorOnNativeTest() {
    super(Engine.NATIVE, 7);
  }
}
