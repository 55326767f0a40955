package dev.stackful.examples.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberRuntime;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.MDC;

final class ContextTest {
  private static final String URL = "jdbc:h2:mem:context;DB_CLOSE_DELAY=-1";

  private final ContextSnapshotFactory snapshots =
      ContextSnapshotFactory.builder()
          .contextRegistry(
              new ContextRegistry()
                  .registerThreadLocalAccessor(new Slf4jThreadLocalAccessor())
                  .registerThreadLocalAccessor(Transaction.accessor()))
          .clearMissing(true)
          .build();

  @BeforeEach
  void makeTables() throws SQLException {
    try (Connection connection = DriverManager.getConnection(URL);
        Statement statement = connection.createStatement()) {
      statement.execute("DROP ALL OBJECTS");
      statement.execute("CREATE TABLE orders (id INT, item VARCHAR(20))");
      statement.execute("CREATE TABLE seen (item VARCHAR(20))");
    }
  }

  @AfterEach
  void nothingIsLeft() {
    assertEquals(null, MDC.get("user"));
    assertThrows(IllegalStateException.class, Transaction::current);
  }

  @ParameterizedTest
  @EnumSource
  void aGeneratorTellsLineForLineWhatADirectCallDoes(Engine engine) throws Exception {
    OrdersReport called = new OrdersReport(URL);
    called.directly();
    OrdersReport pulled = new OrdersReport(URL);
    pulled.byGenerator(Coroutine.builder().engine(engine));
    assertEquals(String.join("\n", called.lines()), String.join("\n", pulled.lines()));
    assertTrue(called.lines().contains("[user=ada-tea order=tea] interrupted, and status false"));
  }

  @ParameterizedTest
  @EnumSource
  void aCoroutineIsInItsResumersTransactionEachTime(Engine engine) throws Exception {
    Coroutine<String, String> inserts =
        Coroutine.builder()
            .engine(engine)
            .contextElement(new MicrometerElement(snapshots))
            .build(
                (self, item) -> {
                  while (true) {
                    try (Statement statement = Transaction.current().createStatement()) {
                      statement.executeUpdate("INSERT INTO seen VALUES ('" + item + "')");
                    }
                    item = self.yield(MDC.get("user") + " saw " + item);
                  }
                });
    MDC.put("user", "ada");
    Transaction.run(URL, () -> assertEquals("ada saw tea", inserts.resume("tea")));
    assertThrows(
        IllegalStateException.class,
        () ->
            Transaction.run(
                URL,
                () -> {
                  MDC.put("user", "bob");
                  assertEquals("bob saw jam", inserts.resume("jam"));
                  throw new IllegalStateException("rolled back");
                }));
    MDC.clear();
    assertEquals(List.of("tea"), seen());
    assertThrows(IllegalStateException.class, () -> inserts.resume("without a transaction"));
  }

  /** A fiber's thread is its own, and keeps what is set at its start. */
  @ParameterizedTest
  @EnumSource
  void aFiberHasTheContextOfWhoSpawnedIt(Engine engine) throws Exception {
    MDC.put("user", "ada");
    try (FiberRuntime runtime = FiberRuntime.builder().engine(engine).build()) {
      Transaction.run(
          URL,
          () -> {
            ContextSnapshot context = snapshots.captureAll();
            runtime.spawn(
                () -> {
                  try (ContextSnapshot.Scope _ = context.setThreadLocals();
                      Statement statement = Transaction.current().createStatement()) {
                    Fiber.yieldNow();
                    statement.executeUpdate("INSERT INTO seen VALUES ('" + MDC.get("user") + "')");
                  }
                  return "";
                });
            MDC.put("user", "nobody the fiber knows");
            runtime.run();
          });
    }
    MDC.clear();
    assertEquals(List.of("ada"), seen());
  }

  private static List<String> seen() throws SQLException {
    List<String> items = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(URL);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT item FROM seen")) {
      while (rows.next()) {
        items.add(rows.getString(1));
      }
    }
    return items;
  }

  @Test
  void whatIsNotThereIsClearedInTheBodyToo() throws Exception {
    Coroutine<String, String> c =
        Coroutine.builder()
            .contextElement(new MicrometerElement(snapshots))
            .build((self, first) -> self.yield("" + MDC.get("user")) + MDC.get("user"));
    MDC.put("user", "ada");
    assertEquals("ada", c.resume(""));
    MDC.clear();
    assertEquals("null", c.resume(""));
  }
}
