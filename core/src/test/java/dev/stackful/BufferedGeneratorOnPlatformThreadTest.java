package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract, with a buffer. */
final class BufferedGeneratorOnPlatformThreadTest extends GeneratorContract {
  BufferedGeneratorOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD, 7);
  }
}
