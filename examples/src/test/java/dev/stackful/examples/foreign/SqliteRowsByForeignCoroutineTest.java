package dev.stackful.examples.foreign;

import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

class SqliteRowsByForeignCoroutineTest extends SqliteRowsTest {
  @Override
  Iterable<Sqlite.Row> rows(Sqlite database, String sql) {
    return () -> SqliteRows.of(database, sql);
  }

  @Override
  Stream<Sqlite.Row> stream(Sqlite database, String sql) {
    SqliteRows rows = SqliteRows.of(database, sql);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(rows, Spliterator.ORDERED), /* parallel= */ false)
        .onClose(rows::close);
  }
}
