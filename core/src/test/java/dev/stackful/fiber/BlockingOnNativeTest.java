package dev.stackful.fiber;

import dev.stackful.Engine;

/** {@link Engine#NATIVE} keeps the contract. */
final class BlockingOnNativeTest extends BlockingContract {
  BlockingOnNativeTest() {
    super(Engine.NATIVE);
  }
}
