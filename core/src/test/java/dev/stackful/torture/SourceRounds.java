package dev.stackful.torture;

import dev.stackful.Generator;
import dev.stackful.GeneratorIterator;
import dev.stackful.GeneratorScope;
import dev.stackful.fiber.Channel;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberClock;
import dev.stackful.fiber.FiberRuntime;
import dev.stackful.io.ByteSink;
import dev.stackful.io.ByteSinkRun;
import dev.stackful.io.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Rounds of what is built on coroutines. */
final class SourceRounds {
  private SourceRounds() {}

  // ---- generators ----------------------------------------------------------------------------

  /** The numbers of a tree, walked in four ways. */
  static long generators(SplittableRandom random) {
    int count = random.nextInt(1, 400);
    int buffer = random.nextInt(1, 20);
    Generator<Integer> nested = nested(0, count);
    Generator<Integer> recursive = Generator.of(scope -> walk(scope, 0, count));
    long switches = 0;
    try (GeneratorIterator<Integer> left = nested.iterator();
        GeneratorIterator<Integer> right = recursive.buffered(buffer).iterator()) {
      for (int i = 0; i < count; i++) {
        Check.equal(i, left.next(), "the nested walk");
        Check.equal(i, right.next(), "the buffered walk");
      }
      Check.that(!left.hasNext() && !right.hasNext(), "more elements");
      switches += 2L * (count + count / buffer);
    }
    int few = random.nextInt(count);
    try (Stream<Integer> stream = recursive.stream()) {
      Check.equal(
          IntStream.range(0, few).boxed().toList(), stream.limit(few).toList(), "the stream");
      switches += 2L * few;
    }
    try (GeneratorIterator<Integer> early = nested.iterator()) {
      for (int i = 0; i < few; i++) {
        Check.equal(i, early.peek(), "the next element");
        Check.equal(i, early.next(), "the element");
      }
      switches += 2L * few;
    }
    return switches;
  }

  private static Generator<Integer> nested(int from, int to) {
    return Generator.of(
        scope -> {
          if (to - from == 1) {
            scope.yield(from);
          } else if (from < to) {
            int middle = (from + to) / 2;
            scope.yieldAll(nested(from, middle));
            scope.yieldAll(nested(middle, to));
          }
        });
  }

  private static void walk(GeneratorScope<Integer> scope, int from, int to) {
    if (from < to) {
      int middle = (from + to) / 2;
      walk(scope, from, middle);
      scope.yield(middle);
      walk(scope, middle + 1, to);
    }
  }

  // ---- streams -------------------------------------------------------------------------------

  /** Bytes through a compressor that is read from, and a decompressor that is written to. */
  static long streams(SplittableRandom random) throws IOException {
    byte[] bytes = new byte[random.nextInt(1, 20_000)];
    new SplittableRandom(bytes.length).nextBytes(bytes);
    ByteSource compressed =
        ByteSource.of(
                out -> {
                  try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
                    zip.write(bytes);
                  }
                })
            .buffered(random.nextInt(1, 2_000));
    ByteSink<byte[]> decompressed =
        ByteSink.of(in -> new GZIPInputStream(in).readAllBytes())
            .buffered(random.nextInt(1, 2_000));
    long switches = 0;
    try (InputStream in = compressed.openStream();
        ByteSinkRun<byte[]> run = decompressed.open()) {
      byte[] piece = new byte[random.nextInt(1, 3_000)];
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        run.stream().write(piece, 0, read);
        switches += 2;
        if (random.nextInt(2_000) == 0) {
          return switches; // closes both where they stand
        }
      }
      Check.that(Arrays.equals(bytes, run.finish()), "other bytes");
    }
    return switches;
  }

  // ---- fibers --------------------------------------------------------------------------------

  /** Numbers along a chain of fibers, while others sleep, and one is cancelled. */
  static long fibers(SplittableRandom random) throws InterruptedException {
    int count = random.nextInt(1, 200);
    int stages = random.nextInt(1, 12);
    try (FiberRuntime runtime = FiberRuntime.builder().clock(FiberClock.virtual()).build()) {
      Channel<Integer> first = Channel.rendezvous();
      runtime.launch(
          () -> {
            try (first) {
              for (int i = 0; i < count; i++) {
                first.send(i);
                Fiber.yieldNow();
              }
            }
          });
      Channel<Integer> in = first;
      for (int i = 0; i < stages; i++) {
        in = stage(runtime, in, random.nextInt(4));
      }
      Channel<Integer> last = in;
      Fiber<Integer> sum =
          runtime.spawn(
              () -> {
                int all = 0;
                for (int element : last) {
                  all += element;
                  Fiber.yieldNow();
                }
                return all;
              });
      Fiber<Integer> sleeper =
          runtime.spawn(
              () -> {
                Fiber.sleep(Duration.ofDays(1));
                return 0;
              });
      Fiber<Integer> watcher =
          runtime.spawn(
              () -> {
                int all = sum.join();
                sleeper.cancel();
                Check.thrownBy(CancellationException.class, sleeper::join);
                return all;
              });
      runtime.run();
      int expected = count * (count - 1) / 2 + count * stages;
      Check.equal(expected, watcher.toCompletableFuture().join(), "the sum");
    }
    return 2L * count * (stages + 2);
  }

  private static Channel<Integer> stage(FiberRuntime runtime, Channel<Integer> in, int capacity) {
    Channel<Integer> out = capacity == 0 ? Channel.rendezvous() : Channel.bounded(capacity);
    runtime.launch(
        () -> {
          try (out) {
            for (int element : in) {
              out.send(element + 1);
              Fiber.sleep(Duration.ofMillis(1));
            }
          }
        });
    return out;
  }
}
