package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class IdentityOnPlatformThreadTest extends IdentityContract {
  IdentityOnPlatformThreadTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
