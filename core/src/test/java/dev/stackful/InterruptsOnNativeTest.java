package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract. */
final class InterruptsOnNativeTest extends InterruptsContract {
  InterruptsOnNativeTest() {
    super(Engine.NATIVE);
  }
}
