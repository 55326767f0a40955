package dev.stackful;

/** {@link Engine#NATIVE} keeps the contract. */
final class NativeIdentityTest extends IdentityContract {
  NativeIdentityTest() {
    super(Engine.NATIVE);
  }
}
