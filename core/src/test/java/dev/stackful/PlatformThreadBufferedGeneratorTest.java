package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract, with a buffer. */
final class PlatformThreadBufferedGeneratorTest extends GeneratorContract {
  PlatformThreadBufferedGeneratorTest() {
    super(Engine.PLATFORM_THREAD, 7);
  }
}
