package dev.stackful.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.NotResumableException;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link ByteSink} promises, whatever the engine. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ByteSinkContract {
  private static final int BUFFER = 16;

  private final Engine engine;

  ByteSinkContract(Engine engine) {
    this.engine = engine;
  }

  private <R extends @Nullable Object> ByteSink<R> sink(ByteSink.Body<R> body) {
    return ByteSink.of(body).on(engine).buffered(BUFFER);
  }

  private ByteSink<byte[]> all() {
    return sink(InputStream::readAllBytes);
  }

  @Test
  void whatIsWrittenIsReadWhateverTheSizes() throws IOException {
    byte[] all = ByteSourceContract.bytes(1000);
    for (int reads : new int[] {1, 2, BUFFER, 33, 1000}) {
      ByteSink<byte[]> sink =
          sink(
              in -> {
                ByteArrayOutputStream read = new ByteArrayOutputStream();
                byte[] part = new byte[reads + 2];
                for (int n = in.read(part, 1, reads); n >= 0; n = in.read(part, 1, reads)) {
                  assertTrue(n > 0 && n <= reads);
                  read.write(part, 1, n);
                }
                assertEquals(-1, in.read());
                return read.toByteArray();
              });
      for (int writes : new int[] {1, 3, BUFFER - 1, BUFFER, BUFFER + 1, 100, 1000}) {
        try (ByteSinkRun<byte[]> run = sink.open()) {
          for (int at = 0; at < all.length; at += writes) {
            run.stream().write(all, at, Math.min(writes, all.length - at));
          }
          assertArrayEquals(all, run.finish(), writes + " written, " + reads + " read");
        }
      }
    }
  }

  @Test
  void singleBytesAndArraysInterleave() throws IOException {
    Random random = new Random(3);
    byte[] all = ByteSourceContract.bytes(5000);
    ByteSink<byte[]> sink =
        sink(
            in -> {
              ByteArrayOutputStream read = new ByteArrayOutputStream();
              for (boolean ended = false; !ended; ) {
                if (random.nextBoolean()) {
                  int b = in.read();
                  ended = b < 0;
                  if (!ended) {
                    read.write(b);
                  }
                } else {
                  byte[] part = new byte[random.nextInt(2 * BUFFER)];
                  int n = in.read(part);
                  ended = n < 0;
                  read.write(part, 0, Math.max(n, 0));
                }
              }
              return read.toByteArray();
            });
    try (ByteSinkRun<byte[]> run = sink.open()) {
      OutputStream out = run.stream();
      for (int at = 0; at < all.length; ) {
        int size = Math.min(random.nextInt(3 * BUFFER), all.length - at);
        if (random.nextBoolean()) {
          out.write(all, at, size);
          at += size;
        } else {
          out.write(all[at++]);
        }
        if (random.nextInt(8) == 0) {
          out.flush();
        }
      }
      assertArrayEquals(all, run.finish());
    }
  }

  @Test
  void theBodyHasReadAllWhenAFlushOrALargeWriteReturns() throws IOException {
    AtomicInteger read = new AtomicInteger();
    ByteSink<Integer> sink =
        sink(
            in -> {
              while (in.read() >= 0) {
                read.incrementAndGet();
              }
              return read.get();
            });
    try (ByteSinkRun<Integer> run = sink.open()) {
      run.stream().write(1);
      run.stream().write(new byte[2]);
      assertEquals(0, read.get());
      run.stream().flush();
      assertEquals(3, read.get());
      byte[] large = new byte[100];
      run.stream().write(large);
      assertEquals(103, read.get());
      Arrays.fill(large, (byte) 1); // it was lent for the time of the call only
      run.stream().write(1);
      assertEquals(104, run.finish());
      assertEquals(104, run.finish());
    }
  }

  @Test
  void anInputMayBeEmpty() throws IOException {
    try (ByteSinkRun<byte[]> run = all().open()) {
      run.stream().write(new byte[0]);
      run.stream().flush();
      assertEquals(0, run.finish().length);
    }
    assertEquals(-1, sink(InputStream::read).open().finish());
  }

  @Test
  void aBodyMayReadPastTheEndAndThrowsIfItLetsThatOut() throws IOException {
    ByteSink<Integer> again =
        sink(
            in -> {
              int length = in.readAllBytes().length;
              for (int i = 0; i < 3; i++) {
                assertEquals(-1, in.read());
                assertEquals(-1, in.read(new byte[9]));
                assertEquals(0, in.available());
                assertEquals(0, in.skip(9));
              }
              return length;
            });
    try (ByteSinkRun<Integer> run = again.open()) {
      run.stream().write(new byte[100]);
      assertEquals(100, run.finish());
    }
    try (ByteSinkRun<Long> run = sink(in -> new DataInputStream(in).readLong()).open()) {
      run.stream().write(new byte[7]);
      assertThrows(EOFException.class, run::finish);
    }
  }

  @Test
  void theBodySkipsTransfersAndAsksWhatIsThere() throws IOException {
    byte[] all = ByteSourceContract.bytes(200);
    ByteSink<byte[]> sink =
        sink(
            in -> {
              assertEquals(0, in.read(new byte[0]));
              assertEquals(200, in.available());
              in.read();
              assertEquals(199, in.available());
              assertEquals(0, in.skip(-3));
              assertEquals(98, in.skip(98));
              assertEquals(1, in.skip(1));
              ByteArrayOutputStream rest = new ByteArrayOutputStream();
              assertEquals(100, in.transferTo(rest));
              assertThrows(EOFException.class, () -> in.skipNBytes(1));
              return rest.toByteArray();
            });
    try (ByteSinkRun<byte[]> run = sink.open()) {
      run.stream().write(all);
      assertArrayEquals(Arrays.copyOfRange(all, 100, 200), run.finish());
    }
  }

  @Test
  void aBodyThatNeverReadsOrReturnsEarlyIsABrokenPipe() throws IOException {
    try (ByteSinkRun<String> run = sink(in -> "early").open()) {
      run.stream().write(new byte[BUFFER]);
      assertTrue(run.isDone());
      assertThrows(IOException.class, () -> run.stream().write(1));
      assertThrows(IOException.class, () -> run.stream().write(new byte[100]));
      assertThrows(IOException.class, () -> run.stream().flush());
      run.stream().close();
      assertEquals("early", run.finish());
      assertEquals("early", run.fail(new IOException("late")));
    }
    try (ByteSinkRun<Integer> run = sink(InputStream::read).open()) {
      run.stream().write(new byte[] {42, 43});
      assertEquals(42, run.finish());
    }
  }

  @Test
  void whatTheBodyThrowsComesOutOfTheWriteThatRanIt() throws IOException {
    IOException thrown = new IOException("malformed");
    try (ByteSinkRun<String> run =
        this.<String>sink(
                in -> {
                  in.read();
                  throw thrown;
                })
            .open()) {
      assertSame(thrown, assertThrows(IOException.class, () -> run.stream().write(new byte[100])));
      assertSame(thrown, assertThrows(IOException.class, () -> run.stream().write(1)).getCause());
      assertSame(thrown, assertThrows(IllegalStateException.class, run::finish).getCause());
    }
  }

  @Test
  void whatTheBodyThrowsComesOutOfFlushAndFinishToo() throws IOException {
    Exception checked = new Exception("checked");
    ByteSink<String> sink =
        sink(
            in -> {
              in.read();
              throw checked;
            });
    try (ByteSinkRun<String> run = sink.open()) {
      run.stream().write(1);
      assertSame(checked, assertThrows(IOException.class, run.stream()::flush).getCause());
    }
    try (ByteSinkRun<String> run = sink.open()) {
      assertSame(checked, assertThrows(IOException.class, run::finish).getCause());
    }
    IllegalArgumentException unchecked = new IllegalArgumentException("unchecked");
    try (ByteSinkRun<String> run =
        this.<String>sink(
                in -> {
                  throw unchecked;
                })
            .open()) {
      run.stream().write(1);
      assertSame(unchecked, assertThrows(IllegalArgumentException.class, run.stream()::close));
    }
  }

  @Test
  void closingTheStreamFlushesItButIsNotTheEndOfTheInput() throws IOException {
    List<Integer> seen = new ArrayList<>();
    ByteSink<String> sink =
        sink(
            in -> {
              for (int b = in.read(); b >= 0; b = in.read()) {
                seen.add(b);
              }
              return "whole";
            });
    try (ByteSinkRun<String> run = sink.open()) {
      try (OutputStream out = run.stream()) {
        out.write(1);
      }
      assertEquals(List.of(1), seen);
      assertFalse(run.channel().isOpen());
      assertThrows(IOException.class, () -> run.stream().write(2));
      assertThrows(ClosedChannelException.class, () -> run.channel().write(ByteBuffer.allocate(1)));
      run.stream().flush();
      run.stream().close();
      assertFalse(run.isDone());
      assertEquals("whole", run.finish());
    }
  }

  @Test
  void closingTheRunUnwindsTheBody() throws IOException {
    AtomicInteger unwound = new AtomicInteger();
    ByteSinkRun<String> run =
        this.<String>sink(
                in -> {
                  try (in) {
                    in.readAllBytes();
                    return "whole";
                  } finally {
                    unwound.incrementAndGet();
                  }
                })
            .open();
    run.stream().write(new byte[100]);
    run.close();
    assertEquals(1, unwound.get());
    assertTrue(run.isDone());
    assertThrows(IOException.class, () -> run.stream().write(1));
    assertThrows(IllegalStateException.class, run::finish);
    run.close();
    assertEquals(1, unwound.get());
  }

  @Test
  void aRunThatIsClosedBeforeItsFirstByteRunsNothing() throws IOException {
    AtomicInteger runs = new AtomicInteger();
    ByteSinkRun<Integer> run = sink(in -> runs.incrementAndGet()).open();
    run.stream().write(1);
    run.close();
    assertEquals(0, runs.get());
  }

  @Test
  void anInputThatFailsIsNotTakenForOneThatEnds() throws IOException {
    IOException reset = new IOException("connection reset");
    try (ByteSinkRun<byte[]> run = all().open()) {
      run.stream().write(1);
      assertSame(reset, assertThrows(IOException.class, () -> run.fail(reset)));
    }
    Exception checked = new Exception("checked");
    try (ByteSinkRun<byte[]> run = all().open()) {
      assertSame(checked, assertThrows(IOException.class, () -> run.fail(checked)).getCause());
      assertThrows(NullPointerException.class, () -> run.fail(null));
    }
    ByteSink<String> lenient =
        sink(
            in -> {
              try {
                in.readAllBytes();
                return "whole";
              } catch (IOException e) {
                assertSame(reset, assertThrows(IOException.class, in::read));
                return e.getMessage();
              }
            });
    try (ByteSinkRun<String> run = lenient.open()) {
      run.stream().write(new byte[100]);
      assertEquals("connection reset", run.fail(reset));
    }
  }

  @Test
  void afterItsCloseTheBodyReadsNoMoreAndRunsToItsEnd() throws IOException {
    ByteSink<String> sink =
        sink(
            in -> {
              assertEquals(1, in.read());
              in.close();
              in.close();
              assertThrows(IOException.class, in::read);
              assertThrows(IOException.class, in::available);
              return "closed";
            });
    try (ByteSinkRun<String> run = sink.open()) {
      run.stream().write(new byte[] {1, 2, 3});
      run.stream().flush();
      assertTrue(run.isDone());
      assertThrows(IOException.class, () -> run.stream().write(1));
      assertEquals("closed", run.finish());
    }
  }

  @Test
  void aStreamThatTheBodyKeepsIsOfNoUseElsewhereOrLater() throws IOException {
    AtomicReference<InputStream> kept = new AtomicReference<>();
    ByteSinkRun<byte[]> run =
        sink(in -> {
              kept.set(in);
              return in.readAllBytes();
            })
            .open();
    run.stream().write(new byte[100]);
    assertThrows(WrongThreadException.class, () -> kept.get().read());
    assertThrows(WrongThreadException.class, () -> kept.get().read(new byte[1]));
    assertThrows(WrongThreadException.class, () -> kept.get().available());
    assertThrows(WrongThreadException.class, () -> kept.get().close());
    assertEquals(100, run.finish().length);
    assertThrows(IOException.class, () -> kept.get().read());
    assertThrows(IOException.class, () -> kept.get().available());
    kept.get().close();
  }

  @Test
  void aBodyCannotWriteToItsOwnInput() throws IOException {
    AtomicReference<ByteSinkRun<Integer>> own = new AtomicReference<>();
    own.set(
        sink(in -> {
              assertThrows(IllegalStateException.class, () -> own.get().stream().write(1));
              assertThrows(IllegalStateException.class, () -> own.get().stream().flush());
              assertThrows(NotResumableException.class, () -> own.get().finish());
              assertThrows(NotResumableException.class, () -> own.get().stream().write(1));
              assertThrows(
                  NotResumableException.class, () -> own.get().fail(new IOException("own")));
              assertThrows(NotResumableException.class, () -> own.get().stream().write(1));
              return in.readAllBytes().length;
            })
            .open());
    own.get().stream().write(new byte[20]);
    own.get().stream().write(1);
    assertEquals(21, own.get().finish());
  }

  @Test
  void aWriterMayMoveFromThreadToThread() throws Exception {
    byte[] all = ByteSourceContract.bytes(5 * BUFFER);
    ByteSinkRun<byte[]> run = all().open();
    for (byte b : all) {
      FutureTask<@Nullable Void> task =
          new FutureTask<>(
              () -> {
                run.stream().write(b);
                return null;
              });
      new Thread(task).start();
      assertNull(task.get());
    }
    assertArrayEquals(all, run.finish());
  }

  @Test
  void manyAreFedAtOnce() throws IOException {
    byte[] document = ByteSourceContract.bytes(500);
    ByteSink<byte[]> sink = all();
    List<ByteSinkRun<byte[]>> runs = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      runs.add(sink.open());
    }
    for (byte b : document) {
      for (ByteSinkRun<byte[]> run : runs) {
        run.stream().write(b);
      }
    }
    for (ByteSinkRun<byte[]> run : runs) {
      assertArrayEquals(document, run.finish());
    }
  }

  @Test
  void channelsTakeAndGiveBuffersOfBothKinds() throws IOException {
    byte[] all = ByteSourceContract.bytes(300);
    for (ByteBuffer target : List.of(ByteBuffer.allocate(300), ByteBuffer.allocateDirect(300))) {
      ByteSink<ByteBuffer> sink =
          ByteSink.ofChannel(
                  in -> {
                    while (target.hasRemaining()) {
                      assertTrue(in.read(target) > 0);
                    }
                    assertEquals(0, in.read(target));
                    assertEquals(-1, in.read(ByteBuffer.allocate(1)));
                    assertTrue(in.isOpen());
                    in.close();
                    assertThrows(
                        ClosedChannelException.class, () -> in.read(ByteBuffer.allocate(1)));
                    return target.flip();
                  })
              .on(engine)
              .buffered(BUFFER);
      try (ByteSinkRun<ByteBuffer> run = sink.open()) {
        assertEquals(100, run.channel().write(ByteBuffer.wrap(all, 0, 100)));
        ByteBuffer direct = ByteBuffer.allocateDirect(100).put(all, 100, 100).flip();
        assertEquals(100, run.channel().write(direct));
        ByteBuffer readOnly = ByteBuffer.wrap(all, 200, 100).slice().asReadOnlyBuffer();
        assertEquals(100, run.channel().write(readOnly));
        byte[] read = new byte[300];
        run.finish().get(read);
        assertArrayEquals(all, read);
      }
    }
  }

  @Test
  void theJdksOwnStreamsGoOnTop() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      for (int i = 0; i < 1000; i++) {
        out.write(("line " + i + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    ByteSink<Long> lines =
        sink(
            in -> {
              BufferedReader reader =
                  new BufferedReader(
                      new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8));
              return reader.lines().filter(line -> line.startsWith("line ")).count();
            });
    for (int chunk : new int[] {1, 7, 1000, 100_000}) {
      try (ByteSinkRun<Long> run = lines.open()) {
        byte[] bytes = zipped.toByteArray();
        for (int at = 0; at < bytes.length; at += chunk) {
          run.stream().write(bytes, at, Math.min(chunk, bytes.length - at));
        }
        assertEquals(1000, run.finish());
      }
    }
  }

  @Test
  void theBodySeesTheWritersThreadLocals() throws IOException {
    ThreadLocal<String> user = new ThreadLocal<>();
    ByteSink<String> sink =
        sink(
            in -> {
              in.read();
              String first = user.get();
              user.set("set by the body");
              in.readAllBytes();
              return first + ", " + user.get();
            });
    try (ByteSinkRun<String> run = sink.open()) {
      user.set("ann");
      run.stream().write(1);
      run.stream().flush();
      assertEquals("set by the body", user.get());
      user.set("bob");
      assertEquals("ann, bob", run.finish());
    }
  }

  @Test
  void aSinkMayBeNamedAndGivenABuildersSettings() throws IOException {
    ByteSink<String> sink = sink(in -> Thread.currentThread().getName());
    assertEquals("parser", sink.named("parser").stackSize(256 * 1024).open().finish());
    Coroutine.Builder builder = Coroutine.builder().engine(engine).name("built");
    assertEquals("built", sink.with(builder).open().finish());
    assertThrows(IllegalArgumentException.class, () -> sink.buffered(0));
  }
}
