package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract. */
final class CoroutineOnNativeTest extends CoroutineContract {
  CoroutineOnNativeTest() {
    super(Engine.NATIVE);
  }
}
