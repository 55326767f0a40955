package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class GeneratorOnPlatformThreadTest extends GeneratorContract {
  GeneratorOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD, 1);
  }
}
