package dev.stackful;

/** {@link Engine#VIRTUAL_THREAD} keeps the contract. */
final class IdentityOnVirtualThreadTest extends IdentityContract {
  IdentityOnVirtualThreadTest() {
    super(Engine.VIRTUAL_THREAD);
  }
}
