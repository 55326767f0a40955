package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract. */
final class ThreadLocalsOnNativeTest extends ThreadLocalsContract {
  ThreadLocalsOnNativeTest() {
    super(Engine.NATIVE);
  }
}
