package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract. */
final class StackTracesOnNativeTest extends StackTracesContract {
  StackTracesOnNativeTest() {
    super(Engine.NATIVE);
  }
}
