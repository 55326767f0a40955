package dev.stackful.examples.foreign;

import java.util.stream.Stream;

class SqliteRowsByUpcallsTest extends SqliteRowsTest {
  @Override
  Iterable<Sqlite.Row> rows(Sqlite database, String sql) {
    return SqliteRows.yieldedByUpcalls(database, sql);
  }

  @Override
  Stream<Sqlite.Row> stream(Sqlite database, String sql) {
    return SqliteRows.yieldedByUpcalls(database, sql).stream();
  }
}
