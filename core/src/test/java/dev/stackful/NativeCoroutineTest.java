package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract. */
final class NativeCoroutineTest extends CoroutineContract {
  NativeCoroutineTest() {
    super(Engine.NATIVE);
  }
}
