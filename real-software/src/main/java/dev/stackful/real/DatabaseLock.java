package dev.stackful.real;

import dev.stackful.Coroutine;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A lock of a database is held across a yield like any other: another connection waits for it, runs
 * into the database's time limit, and has its way when the body has ended.
 */
final class DatabaseLock {
  private DatabaseLock() {}

  static String check(Databases database, Turns turns) throws SQLException {
    try (Connection others = database.connect()) {
      database.prepare(others);
      Turns.Result<String> result = new Turns.Result<>();
      try (Coroutine<Integer, Integer> body = turns.body(() -> holdALock(database), result)) {
        int back = body.resume(0);
        turns.yielded();
        String said = update(others, database);
        while (!body.isDone()) {
          back = body.resume(back);
        }
        return said + ", " + result.get() + ", " + update(others, database);
      }
    }
  }

  private static String holdALock(Databases database) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.executeUpdate("UPDATE T SET V = 1 WHERE ID = 1");
      Pause.here();
      connection.commit();
      return "committed";
    }
  }

  private static String update(Connection connection, Databases database) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return "updated " + statement.executeUpdate("UPDATE T SET V = 2 WHERE ID = 1");
    } catch (SQLException e) {
      if (!database.lockTimeout().equals(e.getSQLState())) {
        throw e;
      }
      return "timed out";
    }
  }
}
