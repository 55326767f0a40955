package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.CoroutineLimitException;
import dev.stackful.Engine;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.management.ObjectName;

/**
 * Many coroutines of all kinds, resumed by platform and virtual threads at once, closed, abandoned
 * and replaced, while another thread takes thread dumps and heap histograms. Every value is
 * checked.
 */
final class Soak {
  static final AtomicLong STARTED = new AtomicLong();
  static final AtomicLong ENDED = new AtomicLong();

  private static final int SHARED = 48;
  private static final int RESUMERS_OF_A_KIND = 4;

  private final AtomicReferenceArray<Coroutine<Long, Long>> shared =
      new AtomicReferenceArray<>(SHARED);
  private final long seed;
  private final AtomicLong resumes = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean over;

  private Soak(long seed) {
    this.seed = seed;
  }

  /** Does it for so many seconds, and says how many switches the resumes took. */
  static long soak(long seconds, long seed) throws Exception {
    Soak soak = new Soak(seed);
    soak.run(seconds);
    checkAllUnwound();
    return 2 * soak.resumes.get();
  }

  private void run(long seconds) throws Exception {
    for (int i = 0; i < SHARED; i++) {
      shared.set(i, fresh(i));
    }
    List<Thread> threads = new ArrayList<>();
    threads.add(Thread.ofPlatform().name("observer").start(this::observe));
    for (int i = 0; i < RESUMERS_OF_A_KIND; i++) {
      long number = seed + i;
      threads.add(Thread.ofPlatform().name("platform-" + i).start(() -> resumeAny(number)));
      if (Check.VIRTUAL_THREADS) {
        threads.add(Thread.ofVirtual().name("virtual-" + i).start(() -> resumeAny(1_000 + number)));
      }
    }
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (System.nanoTime() < end && failure.get() == null) {
      Thread.sleep(20);
    }
    over = true;
    for (Thread thread : threads) {
      thread.join();
    }
    for (int i = 0; i < SHARED; i++) {
      shared.getAndSet(i, null).close();
    }
    System.out.printf(
        "%d resumes, %d bodies, %d refusals%n", resumes.get(), STARTED.get(), refusals.get());
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new AssertionError(thrown);
    }
    Check.that(resumes.get() > 0, "nothing was resumed");
  }

  private static Coroutine<Long, Long> fresh(int kind) {
    SoakBodies[] bodies = SoakBodies.values();
    SoakBodies body = bodies[kind % bodies.length];
    return Coroutine.builder()
        .engine(Engine.NATIVE)
        .name("soak-" + body)
        .freshStack(kind % 11 == 0)
        .build(body);
  }

  @SuppressWarnings("ThreadPriorityCheck") // another thread has the coroutine: let it run
  private void resumeAny(long number) {
    SplittableRandom random = new SplittableRandom(number);
    try {
      while (!over && failure.get() == null) {
        int slot = random.nextInt(SHARED);
        Coroutine<Long, Long> c = shared.get(slot);
        long value = random.nextInt();
        try {
          for (int i = random.nextInt(1, 8); i > 0; i--) {
            Check.equal(SoakBodies.answer(value), c.resume(value), c.name());
            resumes.incrementAndGet();
            value++;
          }
        } catch (IllegalStateException e) {
          Check.that(!c.isDone() || shared.get(slot) != c, c.name() + " has ended by itself");
          Thread.yield();
          continue;
        } catch (CoroutineLimitException e) {
          // Other programs may have taken all process ids: the coroutine is new still, or its body
          // wanted another and has ended with this.
          refusals.incrementAndGet();
          if (c.isDone()) {
            shared.compareAndSet(slot, c, fresh(random.nextInt(1_000)));
          }
          continue;
        }
        int event = random.nextInt(200);
        if (event < 4) {
          replace(slot, c, random, event);
        }
      }
    } catch (Throwable t) {
      failure.compareAndSet(null, t);
    }
  }

  /** Takes a coroutine out of the set and closes, abandons or raises into it. */
  private void replace(int slot, Coroutine<Long, Long> c, SplittableRandom random, int how) {
    if (!shared.compareAndSet(slot, c, fresh(random.nextInt(1_000)))) {
      return; // somebody else has
    }
    boolean ended = how == 0; // abandoned: never to be touched again
    while (!ended) {
      try {
        if (how == 1 && !c.name().endsWith(SoakBodies.CALLBACK.name())) {
          Check.thrownBy(ArithmeticException.class, () -> c.raise(new ArithmeticException()));
        } else {
          c.close();
        }
        ended = true;
      } catch (IllegalStateException e) {
        Thread.onSpinWait(); // another thread is still resuming it
      } catch (AssertionError e) {
        if (!(e.getCause() instanceof IllegalStateException)) {
          throw e;
        }
      }
    }
  }

  /** What a person would do to a JVM that behaves oddly. */
  private void observe() {
    try {
      ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
      while (!over && failure.get() == null) {
        for (String command : new String[] {"threadPrint", "gcClassHistogram"}) {
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  commands,
                  command,
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
        }
        Thread.sleep(10);
      }
    } catch (Throwable t) {
      failure.compareAndSet(null, t);
    }
  }

  /** Closed, raised into or abandoned: every body's finally must have run in the end. */
  private static void checkAllUnwound() throws Exception {
    Check.await(
        "all of " + STARTED.get() + " bodies have ended",
        () -> {
          System.gc();
          return ENDED.get() == STARTED.get();
        });
  }
}
