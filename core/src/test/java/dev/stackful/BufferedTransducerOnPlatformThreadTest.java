package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract with a buffer. */
final class BufferedTransducerOnPlatformThreadTest extends TransducerContract {
  BufferedTransducerOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD, 3);
  }
}
