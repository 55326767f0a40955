package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract, with a buffer. */
final class NativeBufferedGeneratorTest extends GeneratorContract {
  NativeBufferedGeneratorTest() {
    super(Engine.NATIVE, 7);
  }
}
