package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class FlowOnPlatformThreadTest extends FlowContract {
  FlowOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
