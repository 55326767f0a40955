package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract. */
final class IdentityOnNativeTest extends IdentityContract {
  IdentityOnNativeTest() {
    super(Engine.NATIVE);
  }
}
