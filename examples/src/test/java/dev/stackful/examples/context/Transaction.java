package dev.stackful.examples.context;

import io.micrometer.context.ThreadLocalAccessor;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Objects;

/** A transaction that is bound to its thread, as application servers do it. */
final class Transaction {
  private static final ThreadLocal<Connection> CURRENT = new ThreadLocal<>();

  private Transaction() {}

  /** What runs in one. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  /** Runs it; commits where it returns, and rolls back where it throws. */
  static void run(String url, Work work) throws Exception {
    try (Connection connection = DriverManager.getConnection(url)) {
      connection.setAutoCommit(false);
      CURRENT.set(connection);
      try {
        work.run();
        connection.commit();
      } catch (Exception e) {
        connection.rollback();
        throw e;
      } finally {
        CURRENT.remove();
      }
    }
  }

  /** The connection of the transaction that the calling thread is in. */
  static Connection current() {
    Connection current = CURRENT.get();
    if (current == null) {
      throw new IllegalStateException(
          "no transaction on the thread " + Thread.currentThread().getName());
    }
    return current;
  }

  /** By which Micrometer takes it from thread to thread. */
  static ThreadLocalAccessor<Connection> accessor() {
    return new ThreadLocalAccessor<>() {
      @Override
      public Object key() {
        return "transaction";
      }

      @Override
      public Connection getValue() {
        return CURRENT.get();
      }

      @Override
      public void setValue(Connection value) {
        CURRENT.set(Objects.requireNonNull(value));
      }

      @Override
      public void setValue() {
        CURRENT.remove();
      }
    };
  }
}
