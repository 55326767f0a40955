package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract. */
final class NativeUnwindTest extends UnwindContract {
  NativeUnwindTest() {
    super(Engine.NATIVE);
  }
}
