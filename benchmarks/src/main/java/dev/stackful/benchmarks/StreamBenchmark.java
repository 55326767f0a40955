package dev.stackful.benchmarks;

import dev.stackful.Engine;
import dev.stackful.io.ByteSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * 100 MB go from code that writes to an {@code OutputStream} to code that reads from an {@code
 * InputStream}, through one stream, or through 1,000 that are open at once and read in turn. What
 * moves them: a source; a pipe of the JDK's and a thread that writes; or the whole in memory first.
 *
 * <p>The heap is small, so that garbage which nobody has looked for yet does not count as memory in
 * use. The whole in memory gets as much as it needs, and the half of that again: the array that it
 * grows in, the one before or after, and no collection each time.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmn16m", "-Xmx64m"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@State(Scope.Thread)
public class StreamBenchmark {
  private static final int TOTAL_BYTES = 100_000_000;
  private static final int BUFFER_BYTES = 8192;
  private static final byte[] LINE =
      "x".repeat(99).concat("\n").getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LARGE = new byte[64 * 1024];

  /** How the bytes are written. */
  public enum Writes {
    /** In arrays of 100 bytes. */
    LINES,
    /** One by one. */
    BYTES,
    /** In arrays of 64 KiB. */
    LARGE;

    void run(OutputStream out, int bytes) throws IOException {
      switch (this) {
        case LINES -> {
          for (int left = bytes; left > 0; left -= StreamBenchmark.LINE.length) {
            out.write(StreamBenchmark.LINE, 0, Math.min(left, StreamBenchmark.LINE.length));
          }
        }
        case BYTES -> {
          for (int i = 0; i < bytes; i++) {
            out.write(i);
          }
        }
        case LARGE -> {
          for (int left = bytes; left > 0; left -= StreamBenchmark.LARGE.length) {
            out.write(StreamBenchmark.LARGE, 0, Math.min(left, StreamBenchmark.LARGE.length));
          }
        }
      }
    }
  }

  @Param({"LINES", "BYTES", "LARGE"})
  private Writes writes = Writes.LINES;

  @Param({"1", "1000"})
  private int streams;

  /** Opens a stream of so many bytes. */
  @FunctionalInterface
  private interface Opener {
    InputStream open(int bytes) throws IOException;
  }

  @Benchmark
  public long source() throws IOException {
    return readAll(
        bytes -> ByteSource.of(out -> writes.run(out, bytes)).on(Engine.NATIVE).openStream());
  }

  @Benchmark
  public long pipeAndPlatformThread() throws IOException {
    return readAll(bytes -> pipe(Thread.ofPlatform(), bytes));
  }

  @Benchmark
  public long pipeAndVirtualThread() throws IOException {
    return readAll(bytes -> pipe(Thread.ofVirtual(), bytes));
  }

  @Benchmark
  @Fork(
      value = 3,
      jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmn16m", "-Xmx384m"})
  public long wholeInMemory() throws IOException {
    return readAll(
        bytes -> {
          ByteArrayOutputStream whole = new ByteArrayOutputStream();
          writes.run(whole, bytes);
          return new ByteArrayInputStream(whole.toByteArray());
        });
  }

  private InputStream pipe(Thread.Builder writer, int bytes) throws IOException {
    PipedInputStream in = new PipedInputStream(BUFFER_BYTES);
    PipedOutputStream out = new PipedOutputStream(in);
    writer.start(
        () -> {
          try (out) {
            writes.run(out, bytes);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return in;
  }

  private long readAll(Opener opener) throws IOException {
    List<InputStream> open = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      open.add(opener.open(TOTAL_BYTES / streams));
    }
    byte[] part = new byte[BUFFER_BYTES];
    long read = 0;
    while (!open.isEmpty()) {
      for (int i = open.size() - 1; i >= 0; i--) {
        InputStream in = open.get(i);
        int count = in.read(part);
        if (count < 0) {
          in.close();
          open.remove(i);
        } else {
          read += count;
        }
      }
    }
    if (read != TOTAL_BYTES) {
      throw new IllegalStateException("read " + read);
    }
    return read;
  }
}
