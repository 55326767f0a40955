package dev.stackful.real;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Two databases that run in the process: at each row that a query asks a function for, under the
 * executor's frames, and at each row that is taken out.
 */
enum Databases implements Program {
  H2("jdbc:h2:mem:real;LOCK_TIMEOUT=1000", "CREATE ALIAS IF NOT EXISTS ROW_OF FOR '%s'", "HYT00"),
  DERBY(
      "jdbc:derby:memory:real;create=true",
      "CREATE FUNCTION ROW_OF(V INT) RETURNS INT PARAMETER STYLE JAVA NO SQL LANGUAGE JAVA"
          + " EXTERNAL NAME '%s'",
      "40XL1");

  private static final int ROWS = 500;

  private final String url;
  private final String function;

  /** The state of a statement that waited for a lock in vain. */
  private final String lockTimeout;

  Databases(String url, String function, String lockTimeout) {
    this.url = url;
    this.function = function;
    this.lockTimeout = lockTimeout;
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url);
  }

  String lockTimeout() {
    return lockTimeout;
  }

  /** Makes the table and the function anew. */
  void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String drop :
          new String[] {"DROP TABLE T", "DROP FUNCTION ROW_OF", "DROP ALIAS ROW_OF"}) {
        try {
          statement.execute(drop);
        } catch (SQLException e) {
          // wasn't there, or is the other database's word
        }
      }
      statement.execute(function.formatted(Pause.class.getName() + ".row"));
      statement.execute("CREATE TABLE T(ID INT PRIMARY KEY, V INT, NAME VARCHAR(40))");
    }
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO T VALUES(?, ROW_OF(?), ?)")) {
      for (int i = 0; i < ROWS; i++) {
        insert.setInt(1, i);
        insert.setInt(2, i * 7919 % 1000);
        insert.setString(3, "name " + i % 13);
        insert.executeUpdate();
      }
    }
  }

  @Override
  public String run() throws SQLException {
    Digest digest = new Digest();
    int rows = 0;
    try (Connection connection = connect()) {
      prepare(connection);
      String[] queries = {
        "SELECT ID, ROW_OF(V) FROM T WHERE MOD(ROW_OF(ID), 3) = 0 ORDER BY 2, 1",
        "SELECT COUNT(*), SUM(ROW_OF(V)) FROM T GROUP BY NAME ORDER BY 2",
        "SELECT COUNT(*), MAX(A.V) FROM T A, T B WHERE A.V = ROW_OF(B.ID) AND A.ID < 100"
      };
      for (String query : queries) {
        try (Statement statement = connection.createStatement();
            ResultSet result = statement.executeQuery(query)) {
          while (result.next()) {
            Pause.here();
            digest.add(result.getInt(1) + " " + result.getInt(2) + "\n");
            rows++;
          }
        }
      }
      try (Statement statement = connection.createStatement()) {
        digest.add("updated " + statement.executeUpdate("UPDATE T SET V = ROW_OF(V) + 1"));
      }
    }
    return rows + " rows, " + digest.text();
  }
}
