package dev.stackful.examples.context;

import dev.stackful.Coroutine;
import dev.stackful.Generator;
import dev.stackful.GeneratorIterator;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.MDC;

/**
 * A report of orders. Code that was written without a thought of coroutines reads them: it logs
 * with the MDC, is in a transaction that is bound to the thread, and ends when it is interrupted.
 * What it tells is collected line by line.
 */
final class OrdersReport {
  private final String url;
  private final List<String> lines = new ArrayList<>();

  OrdersReport(String url) {
    this.url = url;
  }

  List<String> lines() {
    return lines;
  }

  void log(String message) {
    lines.add("[user=" + MDC.get("user") + " order=" + MDC.get("order") + "] " + message);
  }

  /** Gives each order, with a pause between. */
  void readOrders(Consumer<String> consumer) throws Exception {
    log("reading, interrupted: " + Thread.currentThread().isInterrupted());
    try (Statement statement = Transaction.current().createStatement();
        ResultSet orders = statement.executeQuery("SELECT item FROM orders ORDER BY id")) {
      while (orders.next()) {
        String item = orders.getString(1);
        MDC.put("order", item);
        consumer.accept(item);
        Thread.sleep(5);
        log("handed over " + item);
      }
    } catch (InterruptedException e) {
      log("interrupted, and status " + Thread.currentThread().isInterrupted());
      Thread.currentThread().interrupt();
    } finally {
      log("read");
      MDC.remove("order");
    }
  }

  /** What the report does with an order; by the third it has enough. */
  private void take(String item) {
    log("got " + item);
    try (Statement statement = Transaction.current().createStatement()) {
      statement.executeUpdate("INSERT INTO seen VALUES ('" + item + "')");
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
    MDC.put("user", "ada-" + item);
    if (item.equals("tea")) {
      Thread.currentThread().interrupt();
    }
  }

  private interface Way {
    void run() throws Exception;
  }

  private void inTransaction(Way way) throws Exception {
    MDC.put("user", "ada");
    try {
      Transaction.run(
          url,
          () -> {
            try (Statement statement = Transaction.current().createStatement()) {
              // Only this transaction sees them before its end.
              statement.executeUpdate(
                  "INSERT INTO orders VALUES (1, 'bread'), (2, 'tea'), (3, 'jam')");
            }
            way.run();
            log("over, interrupted: " + Thread.interrupted());
            throw new IllegalStateException("all is rolled back");
          });
    } catch (IllegalStateException e) {
      log(e.getMessage());
    } finally {
      MDC.clear();
    }
  }

  /** The reader calls. */
  void directly() throws Exception {
    inTransaction(() -> readOrders(this::take));
  }

  /** The reader yields. */
  void byGenerator(Coroutine.Builder settings) throws Exception {
    Generator<String> orders =
        Generator.<String>of(scope -> readOrders(scope::yield)).with(settings);
    inTransaction(
        () -> {
          try (GeneratorIterator<String> iterator = orders.iterator()) {
            while (iterator.hasNext()) {
              take(iterator.next());
            }
          }
        });
  }
}
