package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract. */
final class FlowOnNativeTest extends FlowContract {
  FlowOnNativeTest() {
    super(Engine.NATIVE);
  }
}
