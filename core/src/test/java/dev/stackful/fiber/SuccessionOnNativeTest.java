package dev.stackful.fiber;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stackful.Engine;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@link Engine#NATIVE} keeps the contract. */
final class SuccessionOnNativeTest extends SuccessionContract {
  SuccessionOnNativeTest() {
    super(Engine.NATIVE);
  }

  @Test
  void newFibersThatDoNotWaitShareOneStack() throws Exception {
    Set<Thread> threads = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      runtime.launch(() -> threads.add(Thread.currentThread()));
    }
    runtime.run();
    assertEquals(1, threads.size());
  }
}
