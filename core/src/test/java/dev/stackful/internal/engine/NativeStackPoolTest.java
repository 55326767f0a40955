package dev.stackful.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stackful.Engine;
import dev.stackful.internal.context.StackContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of stacks whose threads have not been started. */
class NativeStackPoolTest {
  private static final int STACKS = 3;
  private static final int THREADS = 4;
  private static final int ROUNDS = 300_000;

  private final List<NativeStack> stacks = new ArrayList<>();
  private NativeStackPool pool;

  @BeforeEach
  void fill() {
    assumeTrue(Engine.NATIVE.isAvailable());
    NativeEngine engine = NativeEngine.instance();
    pool = new NativeStackPool(engine, 64 * 1024);
    for (int i = 0; i < STACKS; i++) {
      int index = engine.takeIndex();
      NativeStack stack = new NativeStack(pool, StackContext.allocate(index), index);
      engine.enter(stack);
      stacks.add(stack);
      pool.give(stack);
    }
  }

  @AfterEach
  void empty() {
    for (NativeStack stack : stacks) {
      stack.discard();
      NativeEngine.instance().forget(stack);
    }
  }

  @Test
  void whatIsGivenBackLastIsTakenFirst() {
    for (NativeStack stack : stacks.reversed()) {
      assertSame(stack, pool.poll());
    }
    assertNull(pool.poll());
    pool.give(stacks.get(1));
    assertSame(stacks.get(1), pool.poll());
    assertNull(pool.poll());
  }

  @Test
  void whoSawAStackOnTopDoesNotTakeItIfItWasAwayMeanwhile() {
    long seen = pool.top;
    NativeStack top = pool.poll();
    NativeStack second = pool.poll();
    pool.give(top);
    assertNull(pool.take(seen)); // or the second, which is had, would be on top
    assertSame(top, pool.take(pool.top));
    pool.give(second);
    assertSame(second, pool.poll());
    assertSame(stacks.getFirst(), pool.poll());
  }

  @Test
  void aStackIsHadByOneThreadAtATimeAndNoneIsLost() throws Exception {
    AtomicIntegerArray holders = new AtomicIntegerArray(STACKS);
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Callable<Integer>> users = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        users.add(() -> takeAndGive(holders));
      }
      int hadByTwo = 0;
      for (Future<Integer> user : threads.invokeAll(users)) {
        hadByTwo += user.get();
      }
      assertEquals(0, hadByTwo);
    }
    Set<NativeStack> left = new HashSet<>();
    for (int i = 0; i < STACKS; i++) {
      left.add(pool.poll());
    }
    assertEquals(new HashSet<>(stacks), left);
    assertNull(pool.poll());
  }

  /** Two at a time, given back in the order in which they were taken, as ABA needs it. */
  private int takeAndGive(AtomicIntegerArray holders) {
    int hadByTwo = 0;
    for (int round = 0; round < ROUNDS; round++) {
      NativeStack one = pool.poll();
      NativeStack another = pool.poll();
      hadByTwo += take(holders, one) + take(holders, another);
      give(holders, one);
      give(holders, another);
    }
    return hadByTwo;
  }

  private int take(AtomicIntegerArray holders, NativeStack stack) {
    return stack != null && holders.incrementAndGet(stacks.indexOf(stack)) > 1 ? 1 : 0;
  }

  private void give(AtomicIntegerArray holders, NativeStack stack) {
    if (stack != null) {
      holders.decrementAndGet(stacks.indexOf(stack));
      pool.give(stack);
    }
  }
}
