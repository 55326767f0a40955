package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.CoroutineException;
import dev.stackful.Yielder;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Rounds of what bodies do with their stacks. */
final class BodyRounds {
  private static final long DEEP_STACK_BYTES = 16 << 20;

  private BodyRounds() {}

  // ---- deep stacks ---------------------------------------------------------------------------

  /** One recursion, down and up. */
  static long depth(SplittableRandom random) {
    int levels = random.nextInt(1, 1 + 8_000 / Check.SLOWNESS);
    int every = random.nextInt(1, 200);
    Coroutine<Long, Long> c =
        Coroutine.builder()
            .stackSize(DEEP_STACK_BYTES)
            .build((self, first) -> descend(self, levels, every, new Long[] {first}, 0.5, "0"));
    long switches = 0;
    while (true) {
      long value = random.nextLong();
      Long back = c.resume(value);
      switches += 2;
      if (c.isDone()) {
        Check.equal((long) levels * (levels + 1) / 2, back, "the sum of the levels");
        return switches;
      }
      Check.equal(SoakBodies.answer(value), back, "the answer");
      if (random.nextInt(500) == 0) {
        System.gc();
      }
    }
  }

  private static Long descend(
      Yielder<Long, Long> self, int level, int every, Long[] sent, double number, String text) {
    if (level == 0) {
      return 0L;
    }
    Object[] kept = {level, text};
    if (level % every == 0) {
      sent[0] = self.yield(SoakBodies.answer(sent[0]));
    }
    Long sum = descend(self, level - 1, every, sent, number + level, text);
    if (level % every == 1) {
      sent[0] = self.yield(SoakBodies.answer(sent[0]));
    }
    Check.equal(level, kept[0], "a level");
    Check.that(kept[1] == text && number >= 0.5, "the locals");
    return sum + level;
  }

  // ---- collections ---------------------------------------------------------------------------

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Node(int number, byte[] bytes, @Nullable Node next) {}

  /** Thirty suspended bodies, and garbage around them. */
  static long collections(SplittableRandom random) {
    List<Coroutine<Integer, Integer>> held = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      int number = i;
      held.add(Coroutine.of((self, first) -> hold(self, number, first)));
    }
    long switches = 0;
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < held.size(); i++) {
        Check.equal(31 * round + i, held.get(i).resume(round), "what body " + i + " yields");
        switches += 2;
        Node garbage = null;
        for (int j = random.nextInt(50); j > 0; j--) {
          garbage = new Node(j, new byte[random.nextInt(4_000)], garbage);
        }
      }
      if (random.nextInt(4) == 0) {
        System.gc();
      }
    }
    // The rest is left to the collector.
    for (Coroutine<Integer, Integer> c : held.subList(0, random.nextInt(held.size()))) {
      c.close();
    }
    return switches;
  }

  private static Integer hold(Yielder<Integer, Integer> self, int number, Integer first) {
    Object old = new Object();
    int hash = System.identityHashCode(old);
    WeakReference<Object> weak = new WeakReference<>(old);
    Node chain = null;
    Integer round = first;
    while (true) {
      byte[] young = new byte[100 + number];
      Arrays.fill(young, (byte) number);
      chain = new Node(round, young, chain);
      round = self.yield(31 * round + number);
      Check.that(weak.get() == old, "the object is another, or has gone");
      Check.equal(hash, System.identityHashCode(old), "the object's hash");
      int length = 0;
      for (Node node = chain; node != null; node = node.next) {
        Check.equal(round - 1 - length, node.number, "a node's number");
        Check.equal(100 + number, node.bytes.length, "a node's length");
        Check.equal((byte) number, node.bytes[node.number], "a node's byte");
        length++;
      }
      Check.equal(round, length, "the chain's length");
    }
  }

  // ---- exceptions ----------------------------------------------------------------------------

  /** A chain of coroutines, each in the one before; the last yields, recovers, and then throws. */
  static long exceptions(SplittableRandom random) {
    int levels = random.nextInt(1, 8);
    int yields = random.nextInt(20);
    Throwable thrown =
        switch (random.nextInt(3)) {
          case 0 -> new IOException("checked");
          case 1 -> new IllegalStateException("unchecked");
          default -> new AssertionError("an error");
        };
    int[] unwound = {0};
    Coroutine<Integer, Integer> outermost = failing(levels, yields, thrown, unwound);
    long switches = 0;
    for (int i = 0; i < yields; i++) {
      Check.equal(i, outermost.resume(i), "what the innermost yields");
      switches += 2L * levels;
    }
    try {
      outermost.resume(yields);
      throw new LinkageError("nothing was thrown");
    } catch (CoroutineException e) {
      Check.that(thrown instanceof IOException && e.getCause() == thrown, "another cause");
    } catch (IllegalStateException | AssertionError e) {
      Check.that(e == thrown, "another exception: " + e);
    }
    Check.equal(levels, unwound[0], "finally blocks");
    Check.that(outermost.isDone(), "not done");
    switches += 2L * levels;
    Coroutine<Integer, Integer> catching =
        Coroutine.of(
            (self, first) -> {
              for (int caught = 0; ; ) {
                try {
                  self.yield(caught);
                } catch (ArithmeticException e) {
                  caught++;
                }
              }
            });
    catching.resume(0);
    for (int i = 1; i <= yields; i++) {
      Check.equal(i, catching.raise(new ArithmeticException("raised")), "exceptions caught");
    }
    catching.close();
    return switches + 2L * (yields + 2);
  }

  private static Coroutine<Integer, Integer> failing(
      int levels, int yields, Throwable thrown, int[] unwound) {
    return Coroutine.of(
        (self, first) -> {
          try {
            if (levels > 1) {
              Coroutine<Integer, Integer> inner = failing(levels - 1, yields, thrown, unwound);
              Integer value = first;
              while (true) {
                value = self.yield(inner.resume(value));
              }
            }
            Integer value = first;
            for (int i = 0; i < yields; i++) {
              bySignal(i);
              value = self.yield(value);
            }
            switch (thrown) {
              case Exception e -> throw e;
              default -> throw (Error) thrown;
            }
          } finally {
            unwound[0]++;
          }
        });
  }

  /** What compiled code finds out by a signal of the processor's, on the coroutine's stack. */
  private static void bySignal(int number) {
    int[] none = number >= 0 ? null : new int[1];
    Check.thrownBy(NullPointerException.class, () -> none[0]++);
    int[] divisor = {Math.min(0, number)};
    Check.thrownBy(ArithmeticException.class, () -> divisor[0] = number / divisor[0]);
    int[] array = new int[number];
    Check.thrownBy(ArrayIndexOutOfBoundsException.class, () -> array[number]++);
  }

  // ---- transfers -----------------------------------------------------------------------------

  /** The hops that are left go from one to the next; who has none yields. */
  static long transfers(SplittableRandom random) {
    int size = random.nextInt(2, 20);
    int step = random.nextInt(1, size);
    List<Coroutine<Integer, Integer>> ring = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int number = i;
      ring.add(
          Coroutine.of(
              (self, first) -> {
                Integer hops = first;
                while (true) {
                  hops =
                      hops == 0
                          ? self.yield(number)
                          : self.transferTo(ring.get((number + step) % size), hops - 1);
                }
              }));
    }
    long switches = 0;
    for (int i = 0; i < 50; i++) {
      int from = random.nextInt(size);
      int hops = random.nextInt(30);
      Check.equal((from + hops * step) % size, ring.get(from).resume(hops), "who yields");
      switches += hops + 2;
    }
    ring.forEach(Coroutine::close);
    return switches;
  }
}
