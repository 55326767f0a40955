package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class StackTracesOnPlatformThreadTest extends StackTracesContract {
  StackTracesOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
