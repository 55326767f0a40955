package dev.stackful.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.CharBuffer;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link CharSource} and {@link CharSink} promise, whatever the engine. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class CharStreamsContract {
  private static final int BUFFER = 16;

  private final Engine engine;

  CharStreamsContract(Engine engine) {
    this.engine = engine;
  }

  private CharSource source(CharSource.Body body) {
    return CharSource.of(body).on(engine).buffered(BUFFER);
  }

  private <R extends @Nullable Object> CharSink<R> sink(CharSink.Body<R> body) {
    return CharSink.of(body).on(engine).buffered(BUFFER);
  }

  private static final String TEXT =
      new Random(5)
          .ints(2000, 0, Character.MAX_VALUE + 1)
          .collect(StringBuilder::new, (s, c) -> s.append((char) c), StringBuilder::append)
          .toString();

  /** Writes the text in pieces of all kinds and sizes. */
  private static void writeText(Writer out, Random random) throws IOException {
    for (int at = 0; at < TEXT.length(); ) {
      int end = Math.min(at + random.nextInt(3 * BUFFER), TEXT.length());
      switch (random.nextInt(5)) {
        case 0 -> out.write(TEXT, at, end - at);
        case 1 -> out.write(TEXT.toCharArray(), at, end - at);
        case 2 -> out.append(TEXT, at, end);
        case 3 -> out.append(CharBuffer.wrap(TEXT.toCharArray()), at, end);
        default -> {
          end = at + 1;
          out.write(TEXT.charAt(at) | 0x10000); // the upper bits don't count
        }
      }
      at = end;
      if (random.nextInt(8) == 0) {
        out.flush();
      }
    }
  }

  /** Reads all in pieces of all kinds and sizes. */
  private static String readText(Reader in, Random random) throws IOException {
    StringBuilder read = new StringBuilder();
    while (true) {
      int size = random.nextInt(3 * BUFFER);
      switch (random.nextInt(3)) {
        case 0 -> {
          int c = in.read();
          if (c < 0) {
            return read.toString();
          }
          read.append((char) c);
        }
        case 1 -> {
          char[] part = new char[size];
          read.append(part, 0, Math.max(in.read(part), 0));
        }
        default -> {
          CharBuffer part = CharBuffer.allocate(size);
          in.read(part);
          read.append(part.flip());
        }
      }
    }
  }

  @Test
  void whatIsWrittenIsReadWhateverTheSizes() throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      Random writes = new Random(seed);
      Random reads = new Random(seed + 1000);
      try (Reader in = source(out -> writeText(out, writes)).openReader()) {
        assertEquals(TEXT, readText(in, reads));
        assertEquals(-1, in.read());
      }
      try (CharSinkRun<String> run = sink(in -> readText(in, reads)).open()) {
        writeText(run.writer(), writes);
        assertEquals(TEXT, run.finish());
      }
    }
  }

  @Test
  void aFlushPushesWhatIsThereThroughToTheReader() throws IOException {
    CharSource source =
        source(
            out -> {
              PrintWriter print = new PrintWriter(out, /* autoFlush= */ true);
              print.println("one");
              throw new IOException("after the line");
            });
    try (BufferedReader in = new BufferedReader(source.openReader())) {
      assertEquals("one", in.readLine());
      assertThrows(IOException.class, in::readLine);
    }
    AtomicReference<String> line = new AtomicReference<>("");
    CharSink<String> sink =
        sink(
            in -> {
              BufferedReader lines = new BufferedReader(in);
              line.set(lines.readLine());
              return lines.readLine();
            });
    try (CharSinkRun<String> run = sink.open()) {
      run.writer().write("one\ntw");
      assertEquals("", line.get());
      run.writer().flush();
      assertEquals("one", line.get());
      run.writer().append('o');
      assertEquals("two", run.finish());
    }
  }

  @Test
  void theReadersMethodsAreAllThere() throws IOException {
    try (Reader in = source(out -> out.write(TEXT)).openReader()) {
      assertFalse(in.ready());
      assertEquals(0, in.read(new char[0]));
      assertEquals(0, in.read(new char[5], 5, 0));
      assertThrows(IndexOutOfBoundsException.class, () -> in.read(new char[5], 3, 3));
      assertEquals(TEXT.charAt(0), in.read());
      assertTrue(in.ready());
      assertEquals(99, in.skip(99));
      assertEquals(0, in.skip(0));
      assertThrows(IllegalArgumentException.class, () -> in.skip(-1));
      StringWriter rest = new StringWriter();
      assertEquals(TEXT.length() - 100, in.transferTo(rest));
      assertEquals(TEXT.substring(100), rest.toString());
      assertEquals(0, in.skip(5));
      assertFalse(in.ready());
      assertFalse(in.markSupported());
      assertThrows(NullPointerException.class, () -> in.transferTo(null));
    }
  }

  @Test
  void anIoExceptionOfTheBodyComesOutAsItself() throws IOException {
    IOException thrown = new IOException("by the body");
    try (Reader in =
        source(
                out -> {
                  out.write("ab");
                  throw thrown;
                })
            .openReader()) {
      assertEquals('a', in.read());
      assertEquals('b', in.read());
      assertSame(thrown, assertThrows(IOException.class, in::read));
      assertSame(thrown, assertThrows(IOException.class, in::read));
    }
    try (CharSinkRun<String> run =
        this.<String>sink(
                in -> {
                  in.read();
                  throw thrown;
                })
            .open()) {
      assertSame(
          thrown, assertThrows(IOException.class, () -> run.writer().write("x".repeat(100))));
      assertSame(thrown, assertThrows(IOException.class, () -> run.writer().write(1)).getCause());
      assertSame(thrown, assertThrows(IllegalStateException.class, run::finish).getCause());
    }
  }

  @Test
  void closeUnwindsTheBodyOnEitherSide() throws IOException {
    AtomicInteger unwound = new AtomicInteger();
    Reader in =
        source(
                out -> {
                  // A PrintWriter swallows IOExceptions, and would print for ever.
                  try (PrintWriter print = new PrintWriter(out)) {
                    while (true) {
                      print.println("line");
                    }
                  } finally {
                    unwound.incrementAndGet();
                  }
                })
            .openReader();
    assertEquals('l', in.read());
    in.close();
    assertEquals(1, unwound.get());
    assertThrows(IOException.class, in::read);
    assertThrows(IOException.class, in::ready);
    assertThrows(IOException.class, () -> in.read(new char[0]));
    in.close();
    CharSinkRun<String> run =
        this.<String>sink(
                reader -> {
                  try (reader) {
                    return reader.readAllAsString();
                  } finally {
                    unwound.incrementAndGet();
                  }
                })
            .open();
    run.writer().write("x".repeat(100));
    run.close();
    assertEquals(2, unwound.get());
    assertTrue(run.isDone());
    assertThrows(IOException.class, () -> run.writer().write(1));
    assertThrows(IllegalStateException.class, run::finish);
  }

  @Test
  void closingAWriterIsNotTheEndOfTheInput() throws IOException {
    try (CharSinkRun<String> run = sink(Reader::readAllAsString).open()) {
      try (Writer out = run.writer()) {
        out.write("all");
      }
      assertThrows(IOException.class, () -> run.writer().write("more"));
      assertFalse(run.isDone());
      assertEquals("all", run.finish());
    }
    CharSource source =
        source(
            out -> {
              out.write("all");
              out.close();
              out.close();
              assertThrows(IOException.class, () -> out.write("more"));
            });
    try (Reader in = source.openReader()) {
      assertEquals("all", in.readAllAsString());
    }
  }

  @Test
  void anInputThatFailsIsNotTakenForOneThatEnds() throws IOException {
    IOException reset = new IOException("connection reset");
    try (CharSinkRun<String> run = sink(Reader::readAllAsString).open()) {
      run.writer().write("half");
      assertSame(reset, assertThrows(IOException.class, () -> run.fail(reset)));
    }
    try (CharSinkRun<String> run = sink(Reader::readAllAsString).open()) {
      assertThrows(NullPointerException.class, () -> run.fail(null));
    }
  }

  @Test
  void aStreamThatTheBodyKeepsIsOfNoUseElsewhereOrLater() throws IOException {
    AtomicReference<Writer> keptWriter = new AtomicReference<>();
    Reader in =
        source(
                out -> {
                  keptWriter.set(out);
                  out.write("a");
                  out.flush();
                })
            .openReader();
    assertEquals('a', in.read());
    assertThrows(WrongThreadException.class, () -> keptWriter.get().write('b'));
    assertThrows(WrongThreadException.class, () -> keptWriter.get().flush());
    assertEquals(-1, in.read());
    assertThrows(IOException.class, () -> keptWriter.get().write("b"));
    AtomicReference<Reader> keptReader = new AtomicReference<>();
    CharSinkRun<String> run =
        sink(reader -> {
              keptReader.set(reader);
              return reader.readAllAsString();
            })
            .open();
    run.writer().write("x".repeat(100));
    assertThrows(WrongThreadException.class, () -> keptReader.get().read());
    assertThrows(WrongThreadException.class, () -> keptReader.get().ready());
    assertEquals(100, run.finish().length());
    assertThrows(IOException.class, () -> keptReader.get().read());
  }

  @Test
  void neitherBodyMayUseItsOwnOtherEnd() throws IOException {
    AtomicReference<Reader> ownReader = new AtomicReference<>();
    ownReader.set(
        source(
                out -> {
                  assertThrows(IllegalStateException.class, () -> ownReader.get().read());
                  out.write("a");
                })
            .openReader());
    assertEquals("a", ownReader.get().readAllAsString());
    AtomicReference<CharSinkRun<String>> ownRun = new AtomicReference<>();
    ownRun.set(
        sink(in -> {
              assertThrows(IllegalStateException.class, () -> ownRun.get().writer().write('x'));
              return in.readAllAsString();
            })
            .open());
    ownRun.get().writer().write("a");
    assertEquals("a", ownRun.get().finish());
  }

  @Test
  void aBodyMayReadPastTheEnd() throws IOException {
    CharSink<Integer> again =
        sink(
            in -> {
              int length = in.readAllAsString().length();
              for (int i = 0; i < 3; i++) {
                assertEquals(-1, in.read());
                assertEquals(-1, in.read(new char[9]));
                assertEquals(0, in.skip(9));
              }
              return length;
            });
    try (CharSinkRun<Integer> run = again.open()) {
      run.writer().write("x".repeat(100));
      assertEquals(100, run.finish());
    }
  }

  @Test
  void aBodyMayReturnEarly() throws IOException {
    try (CharSinkRun<String> run = sink(in -> "early").open()) {
      run.writer().write("x".repeat(100));
      assertTrue(run.isDone());
      assertThrows(IOException.class, () -> run.writer().write("x"));
      assertEquals("early", run.finish());
    }
    try (Reader in = source(out -> {}).openReader()) {
      assertEquals(-1, in.read());
    }
  }

  @Test
  void recipesMayBeNamedAndGivenABuildersSettings() throws IOException {
    Coroutine.Builder builder = Coroutine.builder().engine(engine).name("built");
    CharSource source = source(out -> out.write(Thread.currentThread().getName()));
    CharSink<String> sink = sink(in -> Thread.currentThread().getName());
    try (Reader in = source.named("report").openReader()) {
      assertEquals("report", in.readAllAsString());
    }
    try (Reader in = source.with(builder).openReader()) {
      assertEquals("built", in.readAllAsString());
    }
    assertEquals("parser", sink.named("parser").open().finish());
    assertEquals("built", sink.with(builder).open().finish());
    assertThrows(IllegalArgumentException.class, () -> source.buffered(0));
    assertThrows(IllegalArgumentException.class, () -> sink.buffered(-1));
  }
}
