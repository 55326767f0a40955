package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class GeneratorOnVirtualThreadTest extends GeneratorContract {
  GeneratorOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD, 1);
  }
}
