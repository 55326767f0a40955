package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class VirtualThreadGeneratorTest extends GeneratorContract {
  VirtualThreadGeneratorTest() {
    super(Engine.VIRTUAL_THREAD, 1);
  }
}
