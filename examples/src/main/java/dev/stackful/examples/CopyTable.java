package dev.stackful.examples;

import dev.stackful.io.CharSource;
import java.io.IOException;
import java.io.Reader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * Rows from one database into another by a bulk load, which wants a {@code Reader}, as PostgreSQL's
 * {@code CopyManager.copyIn(sql, reader)} does. The rows are printed as CSV while the load reads
 * them: neither a file nor a thread is in between, and what either side throws ends both.
 */
public final class CopyTable {
  private CopyTable() {}

  /**
   * A query's rows as CSV.
   *
   * @param connection is read from, on the thread that reads the source
   * @param query in SQL
   * @return a source
   */
  public static CharSource csv(Connection connection, String query) {
    return CharSource.of(
        out -> {
          try (Statement statement = connection.createStatement();
              ResultSet rows = statement.executeQuery(query);
              CSVPrinter printer = new CSVPrinter(out, CSVFormat.DEFAULT)) {
            printer.printRecords(rows);
          }
        });
  }

  /**
   * Loads CSV into a table: what a bulk load does, by plain JDBC.
   *
   * @param connection is written to
   * @param insert a statement with a parameter for each column
   * @param csv the rows
   * @return how many they were
   * @throws IOException if {@code csv} can't be read
   * @throws SQLException if a row can't be written
   */
  public static long copyIn(Connection connection, String insert, Reader csv)
      throws IOException, SQLException {
    long count = 0;
    try (CSVParser rows = CSVParser.parse(csv, CSVFormat.DEFAULT);
        PreparedStatement statement = connection.prepareStatement(insert)) {
      for (CSVRecord row : rows) {
        for (int i = 0; i < row.size(); i++) {
          statement.setString(i + 1, row.get(i));
        }
        statement.addBatch();
        if (++count % 1000 == 0) {
          statement.executeBatch();
        }
      }
      statement.executeBatch();
    }
    return count;
  }

  /**
   * Copies a table of one database in memory into another.
   *
   * @param arguments the number of rows; without one, 10,000
   * @throws IOException never
   * @throws SQLException never
   */
  public static void main(String[] arguments) throws IOException, SQLException {
    int rows = 10_000;
    try {
      rows = arguments.length > 0 ? Integer.parseInt(String.join(" ", arguments)) : rows;
    } catch (NumberFormatException e) {
      rows = 0; // which is refused, too
    }
    if (rows < 1) {
      System.err.println("usage: CopyTable [ROWS]; a whole number, one at least");
      System.exit(2);
    }
    try (Connection from = DriverManager.getConnection("jdbc:h2:mem:from");
        Connection to = DriverManager.getConnection("jdbc:h2:mem:to");
        Statement prepared = from.createStatement();
        Statement target = to.createStatement()) {
      prepared.execute(
          "create table goods as select x as id, concat('good \"', x, '\"') as name"
              + " from system_range(1, "
              + rows
              + ")");
      target.execute("create table goods (id bigint, name varchar)");
      try (Reader csv = csv(from, "select id, name from goods order by id").openReader()) {
        System.out.println(copyIn(to, "insert into goods values (?, ?)", csv) + " rows copied");
      }
      try (ResultSet last =
          target.executeQuery("select name from goods order by id desc limit 1")) {
        last.next();
        System.out.println("the last is " + last.getString(1));
      }
    }
  }
}
