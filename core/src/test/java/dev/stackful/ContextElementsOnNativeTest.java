package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract. */
final class ContextElementsOnNativeTest extends ContextElementsContract {
  ContextElementsOnNativeTest() {
    super(Engine.NATIVE);
  }
}
