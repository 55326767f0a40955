package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class PlatformThreadGeneratorTest extends GeneratorContract {
  PlatformThreadGeneratorTest() {
    super(Engine.PLATFORM_THREAD, 1);
  }
}
