package dev.stackful.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.Generator;
import dev.stackful.GeneratorIterator;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link ByteSource} promises, whatever the engine. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ByteSourceContract {
  private static final int BUFFER = 16;

  private final Engine engine;

  ByteSourceContract(Engine engine) {
    this.engine = engine;
  }

  private ByteSource source(ByteSource.Body body) {
    return ByteSource.of(body).on(engine).buffered(BUFFER);
  }

  static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void whatIsWrittenIsReadWhateverTheSizes() throws IOException {
    byte[] all = bytes(1000);
    for (int writes : new int[] {1, 3, BUFFER - 1, BUFFER, BUFFER + 1, 100, 1000}) {
      ByteSource source =
          source(
              out -> {
                for (int at = 0; at < all.length; at += writes) {
                  out.write(all, at, Math.min(writes, all.length - at));
                }
              });
      for (int reads : new int[] {1, 2, BUFFER, 33, 1000}) {
        try (InputStream in = source.openStream()) {
          ByteArrayOutputStream read = new ByteArrayOutputStream();
          byte[] part = new byte[reads + 2];
          for (int n = in.read(part, 1, reads); n >= 0; n = in.read(part, 1, reads)) {
            assertTrue(n > 0 && n <= reads);
            read.write(part, 1, n);
          }
          assertArrayEquals(all, read.toByteArray(), writes + " written, " + reads + " read");
        }
      }
      try (InputStream in = source.openStream()) {
        assertArrayEquals(all, in.readAllBytes());
        assertEquals(-1, in.read());
        assertEquals(-1, in.read(new byte[3]));
        assertEquals(0, in.available());
      }
    }
  }

  @Test
  void singleBytesAndArraysInterleave() throws IOException {
    Random random = new Random(7);
    byte[] all = bytes(5000);
    ByteSource source =
        source(
            out -> {
              Random sizes = new Random(11);
              for (int at = 0; at < all.length; ) {
                int size = Math.min(sizes.nextInt(3 * BUFFER), all.length - at);
                if (sizes.nextBoolean()) {
                  out.write(all, at, size);
                  at += size;
                } else {
                  out.write(all[at++]);
                }
                if (sizes.nextInt(8) == 0) {
                  out.flush();
                }
              }
            });
    try (InputStream in = source.openStream()) {
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
      assertArrayEquals(all, read.toByteArray());
    }
  }

  @Test
  void everyValueOfAByteComesThrough() throws IOException {
    ByteSource source =
        source(
            out -> {
              for (int i = 0; i < 256; i++) {
                out.write(i | 0x100); // the upper bits don't count
              }
            });
    try (InputStream in = source.openStream()) {
      for (int i = 0; i < 256; i++) {
        assertEquals(i, in.read());
      }
      assertEquals(-1, in.read());
    }
  }

  @Test
  void theBodyRunsAheadByABufferAtMost() throws IOException {
    AtomicInteger written = new AtomicInteger();
    ByteSource source =
        source(
            out -> {
              while (true) {
                out.write(1);
                written.incrementAndGet();
              }
            });
    InputStream in = source.openStream();
    assertEquals(0, written.get());
    for (int read = 1; read <= 5 * BUFFER; read++) {
      assertEquals(1, in.read());
      assertTrue(written.get() >= read && written.get() <= read + BUFFER, () -> "" + written);
    }
    in.close();
  }

  @Test
  void aFlushPushesWhatIsThereThroughToTheReader() throws IOException {
    AtomicInteger flushes = new AtomicInteger();
    ByteSource source =
        source(
            out -> {
              for (int i = 1; i <= 3; i++) {
                out.write(new byte[i]);
                out.flush();
                out.flush(); // pushes nothing, and does not suspend
                flushes.incrementAndGet();
              }
            });
    try (InputStream in = source.openStream()) {
      byte[] part = new byte[BUFFER];
      assertEquals(1, in.read(part));
      assertEquals(0, flushes.get());
      assertEquals(2, in.read(part));
      assertEquals(1, flushes.get());
      assertEquals(3, in.read(part));
      assertEquals(-1, in.read(part));
      assertEquals(3, flushes.get());
    }
  }

  @Test
  void availableIsWhatCanBeReadWithoutTheBody() throws IOException {
    try (InputStream in = source(out -> out.write(new byte[10])).openStream()) {
      assertEquals(0, in.available());
      in.read();
      assertEquals(9, in.available());
      in.read(new byte[4]);
      assertEquals(5, in.available());
      in.read(new byte[100]);
      assertEquals(0, in.available());
    }
  }

  @Test
  void aReadOfNoLengthRunsNothing() throws IOException {
    AtomicInteger runs = new AtomicInteger();
    try (InputStream in = source(out -> runs.incrementAndGet()).openStream()) {
      assertEquals(0, in.read(new byte[0]));
      assertEquals(0, in.read(new byte[5], 5, 0));
      assertEquals(0, ((ReadableByteChannel) in).read(ByteBuffer.allocate(0)));
      assertEquals(0, runs.get());
      assertThrows(IndexOutOfBoundsException.class, () -> in.read(new byte[5], 3, 3));
      assertThrows(IndexOutOfBoundsException.class, () -> in.read(new byte[5], -1, 3));
      assertEquals(-1, in.read());
      assertEquals(0, in.read(new byte[0]));
    }
  }

  @Test
  void skipGoesAsFarAsThereIsAnything() throws IOException {
    byte[] all = bytes(100);
    try (InputStream in = source(out -> out.write(all)).openStream()) {
      assertEquals(0, in.skip(0));
      assertEquals(0, in.skip(-1));
      assertEquals(70, in.skip(70));
      assertEquals(all[70] & 0xff, in.read());
      assertEquals(29, in.skip(Long.MAX_VALUE));
      assertEquals(0, in.skip(1));
      assertThrows(EOFException.class, () -> in.skipNBytes(1));
    }
  }

  @Test
  void transferToTakesAllThatIsLeft() throws IOException {
    byte[] all = bytes(1000);
    try (InputStream in =
        source(
                out -> {
                  out.write(all, 0, 5);
                  out.write(all, 5, 995);
                })
            .openStream()) {
      assertEquals(all[0] & 0xff, in.read());
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      assertEquals(999, in.transferTo(out));
      assertArrayEquals(Arrays.copyOfRange(all, 1, 1000), out.toByteArray());
      assertEquals(0, in.transferTo(out));
      assertThrows(NullPointerException.class, () -> in.transferTo(null));
    }
  }

  @Test
  void anIoExceptionOfTheBodyComesOutOfReadAsItselfAfterTheBytes() throws IOException {
    IOException thrown = new IOException("disk full");
    try (InputStream in =
        source(
                out -> {
                  out.write(new byte[20]);
                  out.write(7);
                  throw thrown;
                })
            .openStream()) {
      assertEquals(20, in.skip(20));
      assertEquals(7, in.read());
      assertSame(thrown, assertThrows(IOException.class, in::read));
      // A reader that goes on does not take it for the end.
      assertSame(thrown, assertThrows(IOException.class, in::read));
      assertSame(thrown, assertThrows(IOException.class, in::readAllBytes));
    }
  }

  @Test
  void whatElseTheBodyThrowsComesOutOfReadToo() throws IOException {
    Exception checked = new Exception("checked");
    try (InputStream in =
        source(
                out -> {
                  throw checked;
                })
            .openStream()) {
      assertSame(checked, assertThrows(IOException.class, in::read).getCause());
    }
    for (Throwable thrown : List.of(new IllegalStateException("state"), new StackOverflowError())) {
      try (InputStream in =
          source(
                  out -> {
                    out.write(1);
                    if (thrown instanceof Error e) {
                      throw e;
                    }
                    throw (RuntimeException) thrown;
                  })
              .openStream()) {
        assertEquals(1, in.read());
        assertSame(thrown, assertThrows(thrown.getClass(), in::read));
        assertSame(thrown, assertThrows(thrown.getClass(), in::read));
      }
    }
  }

  @Test
  void closingTheReaderUnwindsTheWriter() throws IOException {
    AtomicInteger unwound = new AtomicInteger();
    InputStream in =
        source(
                out -> {
                  // A PrintStream swallows IOExceptions, and would print for ever.
                  try (PrintStream print = new PrintStream(out, false, StandardCharsets.UTF_8)) {
                    while (true) {
                      print.println("line");
                    }
                  } finally {
                    unwound.incrementAndGet();
                  }
                })
            .openStream();
    assertEquals('l', in.read());
    assertTrue(((ReadableByteChannel) in).isOpen());
    in.close();
    assertEquals(1, unwound.get());
    assertFalse(((ReadableByteChannel) in).isOpen());
    assertThrows(IOException.class, in::read);
    assertThrows(IOException.class, () -> in.read(new byte[1]));
    assertThrows(IOException.class, () -> in.read(new byte[0]));
    assertThrows(IOException.class, in::available);
    assertThrows(IOException.class, () -> in.skip(1));
    assertThrows(IOException.class, () -> in.transferTo(OutputStream.nullOutputStream()));
    assertThrows(
        ClosedChannelException.class,
        () -> ((ReadableByteChannel) in).read(ByteBuffer.allocate(1)));
    in.close();
    assertEquals(1, unwound.get());
  }

  @Test
  void aReaderThatIsClosedBeforeItsFirstReadRunsNothing() throws IOException {
    AtomicInteger runs = new AtomicInteger();
    InputStream in = source(out -> runs.incrementAndGet()).openStream();
    in.close();
    assertThrows(IOException.class, in::read);
    assertEquals(0, runs.get());
  }

  @Test
  void whatTheBodyThrowsWhileItIsUnwoundComesOutOfClose() throws IOException {
    IOException thrown = new IOException("in finally");
    InputStream in =
        source(
                out -> {
                  try {
                    out.write(new byte[2 * BUFFER]);
                  } finally {
                    failWith(thrown);
                  }
                })
            .openStream();
    in.read();
    assertSame(thrown, assertThrows(IOException.class, in::close));
  }

  private static void failWith(IOException thrown) throws IOException {
    throw thrown;
  }

  @Test
  void afterTheWritersCloseItWritesNoMoreAndRunsToItsEnd() throws IOException {
    AtomicInteger ends = new AtomicInteger();
    ByteSource source =
        source(
            out -> {
              out.write(1);
              out.close();
              out.close();
              out.flush();
              assertThrows(IOException.class, () -> out.write(2));
              assertThrows(IOException.class, () -> out.write(new byte[1]));
              ends.incrementAndGet();
            });
    try (InputStream in = source.openStream()) {
      assertArrayEquals(new byte[] {1}, in.readAllBytes());
      assertEquals(1, ends.get());
    }
  }

  @Test
  void anEmptyBodyIsAnEmptyStream() throws IOException {
    try (InputStream in = source(out -> {}).openStream()) {
      assertEquals(-1, in.read());
      assertEquals(-1, in.read());
    }
  }

  @Test
  void aStreamThatTheBodyKeepsIsOfNoUseElsewhereOrLater() throws Exception {
    AtomicReference<OutputStream> kept = new AtomicReference<>();
    InputStream in =
        source(
                out -> {
                  kept.set(out);
                  out.write(1);
                  out.flush();
                })
            .openStream();
    assertEquals(1, in.read());
    WrongThreadException e = assertThrows(WrongThreadException.class, () -> kept.get().write(2));
    assertTrue(e.getMessage().contains(Thread.currentThread().getName()), e.getMessage());
    assertThrows(WrongThreadException.class, () -> kept.get().write(new byte[1]));
    assertThrows(WrongThreadException.class, () -> kept.get().flush());
    assertThrows(WrongThreadException.class, () -> kept.get().close());
    assertEquals(-1, in.read());
    assertThrows(IOException.class, () -> kept.get().write(2));
    assertThrows(IOException.class, () -> kept.get().flush());
    kept.get().close();
  }

  @Test
  void aBodyCannotReadWhatItWritesItself() throws IOException {
    AtomicReference<InputStream> own = new AtomicReference<>();
    own.set(
        source(
                out -> {
                  assertThrows(IllegalStateException.class, () -> own.get().read());
                  out.write(1);
                })
            .openStream());
    assertArrayEquals(new byte[] {1}, own.get().readAllBytes());
  }

  @Test
  void aReaderMayMoveFromThreadToThread() throws Exception {
    byte[] all = bytes(10 * BUFFER);
    InputStream in = source(out -> out.write(all)).openStream();
    byte[] read = new byte[all.length];
    for (int i = 0; i < all.length; i++) {
      FutureTask<Integer> task = new FutureTask<>(in::read);
      new Thread(task).start();
      read[i] = task.get().byteValue();
    }
    assertArrayEquals(all, read);
    assertEquals(-1, in.read());
  }

  @Test
  void manyReadersAreOpenAtOnce() throws IOException {
    byte[] all = bytes(500);
    ByteSource source = source(out -> new ByteArrayInputStream(all).transferTo(out));
    List<InputStream> readers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      readers.add(source.openStream());
    }
    for (byte b : all) {
      for (InputStream in : readers) {
        assertEquals(b & 0xff, in.read());
      }
    }
    for (InputStream in : readers) {
      assertEquals(-1, in.read());
      in.close();
    }
  }

  @Test
  void channelsTakeAndGiveBuffersOfBothKinds() throws IOException {
    byte[] all = bytes(300);
    ByteSource source =
        ByteSource.ofChannel(
                out -> {
                  ByteBuffer heap = ByteBuffer.wrap(all, 0, 100);
                  assertEquals(100, out.write(heap));
                  assertFalse(heap.hasRemaining());
                  ByteBuffer direct = ByteBuffer.allocateDirect(100).put(all, 100, 100).flip();
                  assertEquals(100, out.write(direct));
                  assertFalse(direct.hasRemaining());
                  assertEquals(0, out.write(direct));
                  ByteBuffer offset = ByteBuffer.wrap(all, 200, 100).slice().asReadOnlyBuffer();
                  assertEquals(100, out.write(offset));
                  assertTrue(out.isOpen());
                  out.close();
                  assertFalse(out.isOpen());
                  assertThrows(ClosedChannelException.class, () -> out.write(heap));
                })
            .on(engine)
            .buffered(BUFFER);
    for (ByteBuffer target : List.of(ByteBuffer.allocate(300), ByteBuffer.allocateDirect(300))) {
      try (ReadableByteChannel in = source.openChannel()) {
        while (target.hasRemaining()) {
          assertTrue(in.read(target) > 0);
        }
        assertEquals(0, in.read(target));
        assertEquals(-1, in.read(ByteBuffer.allocate(1)));
      }
      byte[] read = new byte[300];
      target.flip().get(read);
      assertArrayEquals(all, read);
    }
  }

  @Test
  void theJdksOwnStreamsGoOnTop() throws IOException {
    ByteSource lines =
        source(
            out -> {
              try (PrintStream print =
                  new PrintStream(new GZIPOutputStream(out), true, StandardCharsets.UTF_8)) {
                for (int i = 0; i < 1000; i++) {
                  print.println("line " + i);
                }
              }
            });
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Channels.newInputStream(lines.openChannel())),
                StandardCharsets.UTF_8))) {
      for (int i = 0; i < 1000; i++) {
        assertEquals("line " + i, reader.readLine());
      }
      assertEquals(null, reader.readLine());
    }
  }

  @Test
  void aWriterMayItselfReadFromASource() throws IOException {
    ByteSource letters =
        source(out -> out.write("abc".repeat(50).getBytes(StandardCharsets.UTF_8)));
    ByteSource upper =
        source(
            out -> {
              try (InputStream in = letters.openStream()) {
                for (int c = in.read(); c >= 0; c = in.read()) {
                  out.write(Character.toUpperCase(c));
                }
              }
            });
    try (InputStream in = upper.openStream()) {
      assertEquals("ABC".repeat(50), new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void aGeneratorsBodyMayReadAndBeSuspendedMeanwhile() throws IOException {
    ByteSource digits = source(out -> out.write("3141592653".getBytes(StandardCharsets.UTF_8)));
    Generator<Integer> numbers =
        Generator.<Integer>of(
                scope -> {
                  try (InputStream in = digits.openStream()) {
                    for (int c = in.read(); c >= 0; c = in.read()) {
                      scope.yield(c - '0');
                    }
                  }
                })
            .on(engine);
    try (GeneratorIterator<Integer> i = numbers.iterator()) {
      assertEquals(3, i.next());
      assertEquals(1, i.next());
    }
    assertEquals(39, numbers.stream().mapToInt(i -> i).sum());
  }

  @Test
  void theBodySeesTheReadersThreadLocals() throws IOException {
    ThreadLocal<Integer> value = new ThreadLocal<>();
    ByteSource source =
        source(
            out -> {
              for (int i = 0; i < 2; i++) {
                out.write(value.get());
                value.set(0);
                out.flush();
              }
            });
    try (InputStream in = source.openStream()) {
      for (int i = 1; i <= 2; i++) {
        value.set(i);
        assertEquals(i, in.read());
        assertEquals(0, value.get());
      }
    }
  }

  @Test
  void aSourceMayBeNamedAndGivenABuildersSettings() throws IOException {
    ByteSource source =
        source(out -> out.write(Thread.currentThread().getName().getBytes(StandardCharsets.UTF_8)));
    try (InputStream in = source.named("archive").stackSize(256 * 1024).openStream()) {
      assertEquals("archive", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    Coroutine.Builder builder = Coroutine.builder().engine(engine).name("built");
    try (InputStream in = source.with(builder).openStream()) {
      assertEquals("built", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    assertThrows(IllegalArgumentException.class, () -> source.buffered(0));
  }
}
