package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class ContextElementsOnPlatformThreadTest extends ContextElementsContract {
  ContextElementsOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
