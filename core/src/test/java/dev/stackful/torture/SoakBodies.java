package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.ForcedUnwind;
import dev.stackful.Generator;
import dev.stackful.GeneratorIterator;
import dev.stackful.Yielder;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of the soak. All speak one protocol: whatever a body is doing, what it yields is
 * {@link #answer} to what it was just sent. So whoever resumes it can tell at once whether the
 * value, the stack and the body still belong together.
 */
enum SoakBodies implements Coroutine.Body<Long, Long> {
  /** Data on the stack that the collector must find and move. */
  GARBAGE {
    @Override
    Long cycle(Yielder<Long, Long> self, Long value) {
      int[][] kept = new int[16][];
      Object[] chain = null;
      Long next = value;
      for (int i = 0; i < kept.length; i++) {
        kept[i] = new int[64 + i];
        Arrays.fill(kept[i], i);
        chain = new Object[] {chain, Integer.valueOf(1_000 + i), new byte[500]};
        next = self.yield(answer(next));
      }
      for (int i = kept.length - 1; i >= 0; i--) {
        Check.equal(64 + i, kept[i].length, "an array's length");
        Check.equal(64L * i + (long) i * i, (long) IntStream.of(kept[i]).sum(), "an array's sum");
        Check.equal(1_000 + i, chain[1], "the chain");
        chain = (Object[]) chain[0];
      }
      return next;
    }
  },

  /** Yields at every level of a recursion, with locals of all kinds. */
  DEPTH {
    @Override
    Long cycle(Yielder<Long, Long> self, Long value) {
      return descend(self, value, 40, 0.5, "0");
    }

    private Long descend(
        Yielder<Long, Long> self, Long value, int levels, double number, String text) {
      if (levels == 0) {
        return value;
      }
      Long next = self.yield(answer(value));
      next = descend(self, next, levels - 1, number * 2, text + levels);
      Check.that(text.length() > 0 && number == 0.5 * Math.pow(2, 40 - levels), "locals");
      return next;
    }
  },

  /** Exceptions through frames that yield while they unwind. */
  EXCEPTIONS {
    @Override
    Long cycle(Yielder<Long, Long> self, Long value) {
      Long[] latest = {value};
      for (int i = 0; i < 5; i++) {
        try {
          throwAfterYield(self, latest, i);
        } catch (IllegalStateException e) {
          Check.equal("thrown " + i, e.getMessage(), "the exception");
        }
      }
      return latest[0];
    }

    private void throwAfterYield(Yielder<Long, Long> self, Long[] latest, int number) {
      try {
        latest[0] = self.yield(answer(latest[0]));
        throw new IllegalStateException("thrown " + number);
      } catch (IllegalStateException e) {
        latest[0] = self.yield(answer(latest[0]));
        throw e;
      }
    }
  },

  /** Overflows its stack, with yields before and after. */
  OVERFLOW {
    @Override
    Long cycle(Yielder<Long, Long> self, Long value) {
      Long next = self.yield(answer(value));
      int depth = 0;
      try {
        depth = endless(0);
      } catch (StackOverflowError e) {
        depth = -1;
      }
      Check.equal(-1, depth, "an overflow");
      for (int i = 0; i < 50; i++) {
        next = self.yield(answer(next));
      }
      return next;
    }

    @SuppressWarnings("InfiniteRecursion") // until the stack overflows
    private int endless(int depth) {
      return depth + endless(depth + 1);
    }
  },

  /** Monitors and locks held across yields. */
  MONITORS {
    @Override
    Long cycle(Yielder<Long, Long> self, Long value) {
      Object outer = new Object();
      Object inner = new Object();
      ReentrantLock lock = new ReentrantLock();
      Long next = value;
      synchronized (outer) {
        next = self.yield(answer(next));
        synchronized (inner) {
          Check.that(System.identityHashCode(inner) == inner.hashCode(), "inflated by its hash");
          lock.lock();
          try {
            next = self.yield(answer(next));
            synchronized (outer) {
              next = self.yield(answer(next));
            }
            Check.that(Thread.holdsLock(inner), "the inner monitor is not held");
            Check.that(lock.isHeldByCurrentThread(), "the lock is not held");
          } finally {
            lock.unlock();
          }
        }
        Check.that(!Thread.holdsLock(inner), "the inner monitor is still held");
        Check.that(Thread.holdsLock(outer), "the outer monitor is not held");
      }
      return next;
    }
  },

  /** Coroutines in coroutines; all of them yield. */
  NESTED {
    @Override
    Long cycle(Yielder<Long, Long> self, Long value) {
      Long next = value;
      try (Coroutine<Long, Long> inner = nest(5)) {
        for (int i = 0; i < 10; i++) {
          Long back = inner.resume(next);
          Check.equal(next + 5, back, "what came through five coroutines");
          next = self.yield(answer(next));
        }
      }
      return next;
    }

    private Coroutine<Long, Long> nest(int levels) {
      return Coroutine.of(
          (self, first) -> {
            Long value = first;
            try (Coroutine<Long, Long> inner = levels > 1 ? nest(levels - 1) : null) {
              while (true) {
                value = self.yield(1 + (inner == null ? value : inner.resume(value)));
              }
            }
          });
    }
  },

  /** Yields out of lambdas inside a stream, and consumes a generator. */
  STREAMS {
    @Override
    Long cycle(Yielder<Long, Long> self, Long value) {
      long[] next = {value};
      long sum =
          IntStream.range(0, 20)
              .mapToLong(
                  i -> {
                    next[0] = self.yield(answer(next[0]));
                    return i;
                  })
              .sum();
      Check.equal(190L, sum, "the stream's sum");
      Generator<Integer> squares =
          Generator.of(
              scope -> {
                for (int i = 0; ; i++) {
                  scope.yield(i * i);
                }
              });
      try (GeneratorIterator<Integer> iterator = squares.iterator()) {
        for (int i = 0; i < 10; i++) {
          Check.equal(i * i, iterator.next(), "a square");
          next[0] = self.yield(answer(next[0]));
        }
      }
      return next[0];
    }
  },

  /** Yields out of the comparator that the C library's qsort is calling. */
  CALLBACK {
    @Override
    Long cycle(Yielder<Long, Long> self, Long value) {
      int[] numbers = new Random(value).ints(12).toArray();
      Sorting sorting = new Sorting(self, value);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment array = arena.allocateFrom(ValueLayout.JAVA_INT, numbers);
        MethodHandle compare = Sorting.COMPARE.bindTo(sorting);
        Sorting.sort(
            array, numbers.length, Linker.nativeLinker().upcallStub(compare, Sorting.TYPE, arena));
        if (sorting.unwind != null) {
          throw sorting.unwind;
        }
        Arrays.sort(numbers);
        Check.that(
            Arrays.equals(numbers, array.toArray(ValueLayout.JAVA_INT)), "qsort didn't sort");
      }
      return sorting.value;
    }
  };

  /** How a body answers. */
  static Long answer(Long value) {
    return 31 * value + 7;
  }

  /** One round of what the body does over and over: yields and returns the last value sent. */
  abstract Long cycle(Yielder<Long, Long> self, Long value);

  @Override
  public Long run(Yielder<Long, Long> self, Long first) {
    Soak.STARTED.incrementAndGet();
    try {
      Thread own = Thread.currentThread();
      Long value = first;
      while (true) {
        value = cycle(self, self.yield(answer(value)));
        Check.that(Thread.currentThread() == own, "another thread");
      }
    } finally {
      Soak.ENDED.incrementAndGet();
    }
  }

  /** A sort under way. No exception may leave its comparator, so the unwinding waits. */
  private static final class Sorting {
    static final FunctionDescriptor TYPE =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS.withTargetLayout(ValueLayout.JAVA_INT),
            ValueLayout.ADDRESS.withTargetLayout(ValueLayout.JAVA_INT));
    static final MethodHandle COMPARE;
    private static final MethodHandle QSORT =
        Linker.nativeLinker()
            .downcallHandle(
                Linker.nativeLinker().defaultLookup().find("qsort").orElseThrow(),
                FunctionDescriptor.ofVoid(
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS));

    static {
      try {
        COMPARE =
            MethodHandles.lookup()
                .findVirtual(
                    Sorting.class,
                    "compare",
                    MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class));
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final Yielder<Long, Long> self;
    private Long value;
    private @Nullable ForcedUnwind unwind;

    Sorting(Yielder<Long, Long> self, Long value) {
      this.self = self;
      this.value = value;
    }

    static void sort(MemorySegment array, long count, MemorySegment comparator) {
      try {
        QSORT.invokeExact(array, count, ValueLayout.JAVA_INT.byteSize(), comparator);
      } catch (Throwable t) {
        throw new AssertionError(t);
      }
    }

    @SuppressWarnings("UnusedMethod") // COMPARE
    private int compare(MemorySegment left, MemorySegment right) {
      if (unwind == null) {
        try {
          value = self.yield(answer(value));
        } catch (ForcedUnwind u) {
          unwind = u;
        }
      }
      return Integer.compare(left.get(ValueLayout.JAVA_INT, 0), right.get(ValueLayout.JAVA_INT, 0));
    }
  }
}
