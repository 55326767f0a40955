package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract. */
final class NativeGeneratorTest extends GeneratorContract {
  NativeGeneratorTest() {
    super(Engine.NATIVE, 1);
  }
}
