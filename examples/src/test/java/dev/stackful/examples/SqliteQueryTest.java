package dev.stackful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stackful.examples.foreign.NeededLibrary;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SqliteQueryTest {
  @BeforeAll
  static void needsSqlite() {
    NeededLibrary.sqlite();
  }

  @Test
  void printsTheRows() throws Exception {
    assertEquals(
        "1\tone\n2\tNULL\n",
        Printed.by(SqliteQuery::main, ":memory:", "VALUES (1, 'one'), (2, NULL)"));
  }
}
