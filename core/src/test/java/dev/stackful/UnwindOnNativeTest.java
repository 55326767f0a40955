package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract. */
final class UnwindOnNativeTest extends UnwindContract {
  UnwindOnNativeTest() {
    super(Engine.NATIVE);
  }
}
