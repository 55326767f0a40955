package dev.stackful.examples.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The promises of an iterator of rows, whichever way it is made. */
abstract class SqliteRowsTest {
  /** A million natively; fewer where the processor is emulated. */
  private static final int ROWS =
      Integer.getInteger("stackful.test.slowness", 1) > 1 ? 20_000 : 1_000_000;

  private Sqlite database;

  abstract Iterable<Sqlite.Row> rows(Sqlite database, String sql);

  abstract Stream<Sqlite.Row> stream(Sqlite database, String sql);

  @BeforeAll
  static void needsSqlite() {
    NeededLibrary.sqlite();
  }

  @BeforeEach
  void open() {
    database = Sqlite.open(":memory:");
  }

  @AfterEach
  void close() {
    database.close(); // throws if a statement was left unfinished
  }

  private static String numbersTo(int last) {
    return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
        + last
        + ") SELECT i FROM n";
  }

  private String only(String sql) {
    List<Sqlite.Row> all = new ArrayList<>();
    rows(database, sql).forEach(all::add);
    assertEquals(1, all.size());
    return all.get(0).values().get(0);
  }

  @Test
  void rowsHaveNamesAndValues() {
    database.execute("CREATE TABLE t(name, size); INSERT INTO t VALUES ('ä', 1), ('', NULL)");
    Iterator<Sqlite.Row> rows = rows(database, "SELECT name, size * 2 AS twice FROM t").iterator();
    assertEquals(new Sqlite.Row(List.of("name", "twice"), List.of("ä", "2")), rows.next());
    assertEquals(new Sqlite.Row(List.of("name", "twice"), Arrays.asList("", null)), rows.next());
    assertFalse(rows.hasNext());
  }

  @Test
  void manyRowsAgreeWithTheQuerysOwnCountAndSum() {
    database.execute("CREATE TABLE t AS " + numbersTo(ROWS));
    long count = 0;
    long sum = 0;
    for (Sqlite.Row row : rows(database, "SELECT i FROM t")) {
      count++;
      sum += Long.parseLong(row.values().get(0));
    }
    assertEquals(ROWS, count);
    assertEquals(only("SELECT count(*) FROM t"), Long.toString(count));
    assertEquals(only("SELECT sum(i) FROM t"), Long.toString(sum));
  }

  @Test
  void noRowsAreAnEmptyIteration() {
    assertFalse(rows(database, "SELECT 1 WHERE 0").iterator().hasNext());
    assertFalse(rows(database, "").iterator().hasNext());
  }

  @Test
  void anEarlyCloseEndsTheStatement() {
    try (Stream<Sqlite.Row> rows = stream(database, numbersTo(1_000_000_000))) {
      assertEquals(List.of("1"), rows.findFirst().orElseThrow().values());
    }
    // A table can't be dropped while a statement reads it.
    database.execute("CREATE TABLE t AS " + numbersTo(10));
    try (Stream<Sqlite.Row> rows = stream(database, "SELECT * FROM t")) {
      assertTrue(rows.findFirst().isPresent());
    }
    database.execute("DROP TABLE t");
  }

  @Test
  void anErrorInTheSqlIsAnExceptionWithSqlitesMessage() {
    SqliteException e =
        assertThrows(
            SqliteException.class, () -> rows(database, "SELECT missing").iterator().hasNext());
    assertTrue(e.getMessage().contains("no such column: missing"), e.getMessage());
    assertEquals(1, e.code());
  }

  @Test
  void rowsBeforeAnErrorAreDelivered() {
    Iterator<Sqlite.Row> rows =
        rows(database, "SELECT abs(x) FROM (SELECT -1 AS x UNION ALL SELECT -9223372036854775808)")
            .iterator();
    assertEquals(List.of("1"), rows.next().values());
    SqliteException e = assertThrows(SqliteException.class, rows::hasNext);
    assertTrue(e.getMessage().contains("overflow"), e.getMessage());
  }

  @Test
  void twoQueriesGoInStep() {
    Iterator<Sqlite.Row> some = rows(database, numbersTo(3)).iterator();
    Iterator<Sqlite.Row> others = rows(database, numbersTo(3)).iterator();
    for (String expected : List.of("1", "2", "3")) {
      assertEquals(List.of(expected), some.next().values());
      assertEquals(List.of(expected), others.next().values());
    }
    assertFalse(some.hasNext());
    assertFalse(others.hasNext());
  }
}
