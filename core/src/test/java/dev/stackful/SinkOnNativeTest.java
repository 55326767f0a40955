package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract. */
final class SinkOnNativeTest extends SinkContract {
  SinkOnNativeTest() {
    super(Engine.NATIVE, 1);
  }
}
