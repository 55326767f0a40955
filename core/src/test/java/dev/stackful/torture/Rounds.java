package dev.stackful.torture;

import dev.stackful.CoroutineLimitException;
import dev.stackful.foreign.ForeignCoroutineLimitException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs rounds of a program until its time is over. Each is made from a seed, which a failure names.
 */
final class Rounds {
  private static final int THREADS_OF_A_KIND = 2;

  private final Round round;
  private final long end;
  private final long seed;
  private final AtomicLong switches = new AtomicLong();
  private final AtomicLong rounds = new AtomicLong();
  private final AtomicBoolean failed = new AtomicBoolean();

  private Rounds(Round round, long seconds, long seed) {
    this.round = round;
    this.end = System.nanoTime() + seconds * 1_000_000_000L;
    this.seed = seed;
  }

  /** What is done over and over, with all values checked. */
  @FunctionalInterface
  interface Round {
    /** Does it once, and says how many switches that took. */
    long run(SplittableRandom random) throws Exception;
  }

  /** A program that does its rounds on the calling thread. */
  static TortureProgram.Work inOneThread(Round round) {
    return (seconds, seed) -> {
      Rounds rounds = new Rounds(round, seconds, seed);
      rounds.run(0);
      return rounds.sum();
    };
  }

  /** A program that does its rounds on platform and virtual threads at once. */
  static TortureProgram.Work inThreads(Round round) {
    return (seconds, seed) -> {
      Rounds rounds = new Rounds(round, seconds, seed);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS_OF_A_KIND; i++) {
        int number = i;
        threads.add(Thread.ofPlatform().start(() -> rounds.run(number)));
        if (Check.VIRTUAL_THREADS) {
          threads.add(Thread.ofVirtual().start(() -> rounds.run(THREADS_OF_A_KIND + number)));
        }
      }
      for (Thread thread : threads) {
        thread.join();
      }
      return rounds.sum();
    };
  }

  private void run(int thread) {
    for (long number = 0; !failed.get() && (number == 0 || System.nanoTime() < end); number++) {
      long ofThisRound = seed + thread + 1_000 * number;
      try {
        switches.addAndGet(round.run(new SplittableRandom(ofThisRound)));
        rounds.incrementAndGet();
      } catch (CoroutineLimitException | ForeignCoroutineLimitException e) {
        // Other programs may have taken all process ids.
        System.out.println("refused: " + e.getMessage());
      } catch (Throwable t) {
        failed.set(true);
        System.out.println("FAILED: round " + number + " of thread " + thread + ", " + ofThisRound);
        t.printStackTrace(System.out);
      }
    }
  }

  private long sum() {
    if (failed.get()) {
      throw new AssertionError("a round failed");
    }
    System.out.println("rounds: " + rounds.get());
    return switches.get();
  }
}
