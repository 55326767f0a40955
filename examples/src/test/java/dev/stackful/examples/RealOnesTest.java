package dev.stackful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Generator;
import dev.stackful.io.ByteSource;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The libraries that people use, turned inside out. */
@Timeout(60)
class RealOnesTest {
  @Test
  void aZipOfAnySizeIsMadeWhileItIsReadAndStopsWithItsReader() throws Exception {
    AtomicLong written = new AtomicLong();
    AtomicInteger closed = new AtomicInteger();
    ByteSource endless =
        ByteSource.of(
            out -> {
              byte[] page = new byte[10_000];
              new Random(3).nextBytes(page); // which can't be compressed
              try (ZipOutputStream zip = new ZipOutputStream(out)) {
                for (int i = 0; ; i++) {
                  zip.putNextEntry(new ZipEntry("page-" + i));
                  zip.write(page);
                  written.addAndGet(page.length);
                }
              } finally {
                closed.incrementAndGet();
              }
            });
    try (InputStream in = endless.openStream();
        ZipInputStream zip = new ZipInputStream(in)) {
      long read = 0;
      for (int i = 0; i < 1000; i++) {
        assertEquals("page-" + i, zip.getNextEntry().getName());
        read += zip.readAllBytes().length;
        assertTrue(written.get() - read < 100_000, "the writer runs ahead by little");
      }
    }
    assertEquals(1, closed.get());
  }

  @Test
  void jacksonsDocumentIsReadWhileItIsWritten() throws Exception {
    assertEquals(
        "[{\"number\":1,\"date\":\"2025-01-01\",\"amount\":7919},"
            + "{\"number\":2,\"date\":\"2025-01-01\",\"amount\":5838}]\n",
        Printed.by(JsonExport::main, "2"));
    AtomicInteger asked = new AtomicInteger();
    Generator<JsonExport.Order> endless =
        Generator.of(
            scope -> {
              while (true) {
                asked.incrementAndGet();
                scope.yieldAll(JsonExport.orders(1));
              }
            });
    try (InputStream in = JsonExport.json(endless).openStream()) {
      in.skipNBytes(1_000_000);
    }
    assertTrue(asked.get() > 10_000 && asked.get() < 30_000, asked::toString);
  }

  @Test
  void commonsCsvIsFedByCallbacks(@TempDir Path folder) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("sales.csv"),
            "city,amount\nKöln, 3\n\"New\nYork\",4\nKöln,5\n\"say \"\"hi\"\"\",1\n");
    for (int piece : new int[] {1, 2, 7, 8192}) {
      assertEquals(
          Map.of("Köln", 8L, "New\nYork", 4L, "say \"hi\"", 1L),
          CsvTotals.totals(file, piece).join());
    }
    assertEquals(
        "Köln 8\nNew\nYork 4\nsay \"hi\" 1\n", Printed.by(CsvTotals::main, file.toString()));
    Path wrong = Files.writeString(folder.resolve("wrong.csv"), "city,amount\nKöln,much\n");
    CompletionException e =
        assertThrows(CompletionException.class, () -> CsvTotals.totals(wrong, 3).join());
    assertInstanceOf(NumberFormatException.class, e.getCause());
  }

  @Test
  void rowsAreCopiedFromDatabaseToDatabase() throws Exception {
    assertEquals(
        "2345 rows copied\nthe last is good \"2345\"\n", Printed.by(CopyTable::main, "2345"));
  }

  @Test
  void aCopyEndsWithTheQueryThatFails() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:failing");
        Statement statement = connection.createStatement()) {
      statement.execute("create table copies (id bigint)");
      try (Reader csv =
          CopyTable.csv(connection, "select 1 / (5000 - x) from system_range(1, 9999)")
              .openReader()) {
        UncheckedIOException e = // which Commons CSV makes of it
            assertThrows(
                UncheckedIOException.class,
                () -> CopyTable.copyIn(connection, "insert into copies values (?)", csv));
        assertInstanceOf(SQLException.class, rootCause(e));
      }
    }
  }

  private static Throwable rootCause(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  @Test
  void aProcessSortsAGeneratorsLines() throws Exception {
    List<String> numbers = IntStream.range(0, 5000).mapToObj(i -> "" + i * 7 % 5000).toList();
    Generator<String> lines = Generator.of(scope -> scope.yieldAll(numbers));
    assertEquals(
        numbers.stream().sorted().toList(), SortedByProcess.sorted(lines).stream().toList());
    try (Stream<String> sorted = SortedByProcess.sorted(lines).stream()) {
      assertEquals(List.of("0", "1", "10"), sorted.limit(3).toList());
    }
    IllegalStateException thrown = new IllegalStateException("no more lines");
    Generator<String> failing =
        Generator.of(
            scope -> {
              scope.yield("one");
              throw thrown;
            });
    assertSame(
        thrown,
        assertThrows(
            IllegalStateException.class,
            () -> SortedByProcess.sorted(failing).iterator().hasNext()));
    assertFalse(Printed.by(SortedByProcess::main, "1000").isEmpty());
  }

  @Test
  void aProcesssInputIsASourceToo() throws Exception {
    ByteSource bytes = ByteSource.of(out -> out.write("b\na\n".getBytes(StandardCharsets.UTF_8)));
    Process sort = new ProcessBuilder("sort").start();
    try (InputStream in = bytes.openStream();
        OutputStream out = sort.getOutputStream()) {
      in.transferTo(out);
    }
    try (InputStream in = sort.getInputStream()) {
      assertEquals("a\nb\n", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    assertEquals(0, sort.waitFor());
  }
}
