package dev.stackful.examples;

import dev.stackful.fiber.Channel;
import dev.stackful.fiber.ChannelEndpoint;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.LongStream;

/**
 * A runtime on each processor, which talk by endpoints of each other's channels: one hands out
 * ranges of numbers and adds up what comes back, the others count the primes in them.
 *
 * <p>Run it: {@code ./stackful example ManyRuntimes 200000}. The number is up to where to count.
 */
public final class ManyRuntimes {
  private static final int RANGE = 1_000;

  private ManyRuntimes() {}

  private record Range(long from, long to) {}

  /** Runs it. */
  public static void main(String[] arguments) throws InterruptedException {
    long most = 200_000;
    try {
      most = arguments.length > 0 ? Long.parseLong(String.join(" ", arguments)) : most;
    } catch (NumberFormatException e) {
      most = 0;
    }
    if (most < 1) {
      System.err.println("usage: ManyRuntimes [MOST]; a whole number, one at least");
      System.exit(2);
    }
    int workers = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    System.out.println(countPrimes(most, workers) + " primes up to " + most);
  }

  static long countPrimes(long most, int workers) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    FiberRuntime root = FiberRuntime.builder().name("root").build();
    try {
      Channel<Long> counts = Channel.bounded("counts", workers);
      Channel<Range> ranges = Channel.bounded("ranges", workers);
      for (int i = 1; i <= workers; i++) {
        ChannelEndpoint<Range> in = root.endpoint(ranges);
        ChannelEndpoint<Long> out = root.endpoint(counts);
        String name = "worker " + i;
        threads.add(Thread.ofPlatform().name(name).start(() -> work(name, in, out)));
      }
      root.launch(
          "hand out",
          () -> {
            try (ranges) {
              for (long from = 0; from <= most; from += RANGE) {
                ranges.send(new Range(from, Math.min(most + 1, from + RANGE)));
              }
            }
          });
      Fiber<Long> sum =
          root.spawn(
              "add up",
              () -> {
                long primes = 0;
                for (long from = 0; from <= most; from += RANGE) {
                  primes += counts.receive();
                }
                return primes;
              });
      root.run();
      root.close(); // which tells those who wait for another range that there is none
      for (Thread thread : threads) {
        thread.join();
      }
      return sum.join();
    } finally {
      root.close();
    }
  }

  private static void work(String name, ChannelEndpoint<Range> in, ChannelEndpoint<Long> out) {
    try (FiberRuntime runtime = FiberRuntime.builder().name(name).build()) {
      Channel<Range> mine = Channel.bounded(2);
      runtime.launch(
          "fetch",
          () -> {
            try (mine) {
              while (true) {
                mine.send(Fiber.await(in.receiveAsync())); // this fiber waits, the other counts
              }
            } catch (CompletionException | IllegalStateException end) {
              // there are no more ranges
            }
          });
      runtime.launch(
          "count",
          () -> {
            for (Range range : mine) {
              long primes =
                  LongStream.range(range.from(), range.to()).filter(ManyRuntimes::isPrime).count();
              Fiber.await(out.sendAsync(primes));
            }
          });
      runtime.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isPrime(long number) {
    for (long divisor = 2; divisor * divisor <= number; divisor++) {
      if (number % divisor == 0) {
        return false;
      }
    }
    return number > 1;
  }
}
