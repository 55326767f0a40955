package dev.stackful.examples;

import dev.stackful.examples.foreign.Sqlite;
import dev.stackful.examples.foreign.SqliteException;
import dev.stackful.examples.foreign.SqliteRows;
import java.util.stream.Collectors;

/**
 * Prints the rows of a query on an SQLite database, tab-separated, pulled one by one out of {@code
 * sqlite3_exec}, which pushes them into a callback. The query stops when nobody reads on: {@code
 * ./stackful example SqliteQuery FILE SQL | head} reads no more of a large table than it shows.
 */
public final class SqliteQuery {
  private SqliteQuery() {}

  /**
   * Runs the query.
   *
   * @param arguments the database's file, or {@code :memory:}; and the query
   */
  public static void main(String[] arguments) {
    if (arguments.length != 2) {
      System.err.println("usage: SqliteQuery FILE SQL");
      System.exit(2);
    }
    try (Sqlite database = Sqlite.open(arguments[0]);
        SqliteRows rows = SqliteRows.of(database, arguments[1])) {
      while (rows.hasNext() && !System.out.checkError()) {
        System.out.println(
            rows.next().values().stream()
                .map(value -> value == null ? "NULL" : value)
                .collect(Collectors.joining("\t")));
      }
    } catch (SqliteException | UnsatisfiedLinkError | UnsupportedOperationException e) {
      // A wrong query; no SQLite; a machine that has no foreign coroutines.
      System.err.println("SqliteQuery: " + e.getMessage());
      System.exit(1);
    }
  }
}
