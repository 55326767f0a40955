package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract. */
final class ScopedValuesOnNativeTest extends ScopedValuesContract {
  ScopedValuesOnNativeTest() {
    super(Engine.NATIVE);
  }
}
