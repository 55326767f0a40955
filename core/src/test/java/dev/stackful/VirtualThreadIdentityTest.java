package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class VirtualThreadIdentityTest extends IdentityContract {
  VirtualThreadIdentityTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
