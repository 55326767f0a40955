package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract. */
final class GeneratorOnNativeTest extends GeneratorContract {
  GeneratorOnNativeTest() {
    super(Engine.NATIVE, 1);
  }
}
