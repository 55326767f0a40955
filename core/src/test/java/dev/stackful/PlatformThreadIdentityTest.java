package dev.stackful;

/** {@link Engine#PLATFORM_THREAD} keeps the contract. */
final class PlatformThreadIdentityTest extends IdentityContract {
  PlatformThreadIdentityTest() {
    super(Engine.PLATFORM_THREAD);
  }
}
