package dev.stackful.examples.foreign;

import dev.stackful.Generator;
import dev.stackful.GeneratorScope;
import dev.stackful.foreign.ForeignCallback;
import dev.stackful.foreign.ForeignCoroutine;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows that {@code sqlite3_exec} pushes, pulled one by one.
 *
 * <p>It runs as a foreign coroutine, and each of its calls of the callback suspends it. The
 * iterator belongs to the thread that made it. One that is left early must be closed: it answers
 * SQLite that it is to abort, so that {@code sqlite3_exec} returns and gives back what it holds.
 */
public final class SqliteRows implements Iterator<Sqlite.Row>, AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  private final ForeignCoroutine exec = ForeignCoroutine.ofConfined();
  private final ForeignCallback callback = exec.callback(Sqlite.CALLBACK_DESCRIPTOR);
  private final Sqlite.Statement statement;

  /** Whether SQLite waits in the callback, with a row. */
  private boolean inCallback;

  private boolean rowIsTaken;

  private SqliteRows(Sqlite database, String sql) {
    this.statement = new Sqlite.Statement(database, sql, arena);
    exec.start(Sqlite.exec(), Sqlite.EXEC_DESCRIPTOR, statement.arguments(callback.function()));
  }

  /**
   * The rows of a query, by a foreign coroutine.
   *
   * @param database must stay open until the iterator has ended or is closed
   * @param sql a statement
   * @return its rows, none of which was asked for yet
   */
  public static SqliteRows of(Sqlite database, String sql) {
    return new SqliteRows(database, sql);
  }

  /**
   * Whether there is another row: has SQLite go on up to it.
   *
   * @throws SqliteException if SQLite refuses the statement, or fails in it
   */
  @Override
  public boolean hasNext() {
    if (inCallback && !rowIsTaken) {
      return true;
    }
    if (exec.state() == ForeignCoroutine.State.SUSPENDED) {
      inCallback = inCallback ? exec.resume(Sqlite.OK) : exec.resume();
      rowIsTaken = false;
      if (!inCallback) {
        end();
      }
    }
    return inCallback;
  }

  private void end() {
    int code = (int) Objects.requireNonNull(exec.result(), "sqlite3_exec returns an int");
    try {
      statement.check(code);
    } finally {
      free();
    }
  }

  @Override
  public Sqlite.Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    rowIsTaken = true;
    return Sqlite.row(callback.getInt(1), callback.getSegment(2), callback.getSegment(3));
  }

  /** Aborts the statement, if it has begun and not ended. */
  @Override
  public void close() {
    while (inCallback) {
      inCallback = exec.resume(Sqlite.ABORT);
    }
    free();
  }

  private void free() {
    exec.close();
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  /**
   * The rows of a query, by a coroutine: its body calls {@code sqlite3_exec}, whose callback is an
   * upcall into Java, which yields.
   *
   * <p>A query that is left early is aborted: {@code sqlite3_exec} gives back what it holds.
   *
   * @param database must stay open until the iteration has ended
   * @param sql a statement
   * @return its rows; the iterator throws {@link SqliteException} if SQLite refuses the statement
   */
  public static Generator<Sqlite.Row> yieldedByUpcalls(Sqlite database, String sql) {
    return Generator.of(
        scope -> {
          try (Arena arena = Arena.ofConfined()) {
            Sqlite.Statement statement = new Sqlite.Statement(database, sql, arena);
            YieldingCallback callback = new YieldingCallback(scope);
            int code = statement.run(callback.pointer(arena));
            callback.rethrow();
            statement.check(code);
          }
        });
  }

  /** Called by C for each row. */
  private static final class YieldingCallback {
    private static final MethodHandle CALLED;

    static {
      try {
        CALLED =
            MethodHandles.lookup()
                .findVirtual(
                    YieldingCallback.class,
                    "called",
                    MethodType.methodType(
                        int.class,
                        MemorySegment.class,
                        int.class,
                        MemorySegment.class,
                        MemorySegment.class));
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final GeneratorScope<Sqlite.Row> scope;
    private @Nullable Throwable thrown;

    YieldingCallback(GeneratorScope<Sqlite.Row> scope) {
      this.scope = scope;
    }

    MemorySegment pointer(Arena arena) {
      return Linker.nativeLinker()
          .upcallStub(CALLED.bindTo(this), Sqlite.CALLBACK_DESCRIPTOR, arena);
    }

    /**
     * No exception may leave an upcall, not even the one that unwinds the coroutine: it is kept,
     * SQLite is told to stop, and it goes on when {@code sqlite3_exec} has returned.
     */
    @SuppressWarnings("UnusedMethod") // CALLED
    private int called(
        MemorySegment unused, int columns, MemorySegment values, MemorySegment names) {
      try {
        scope.yield(Sqlite.row(columns, values, names));
        return Sqlite.OK;
      } catch (Throwable t) {
        thrown = t;
        return Sqlite.ABORT;
      }
    }

    void rethrow() {
      if (thrown != null) {
        throw CLibrary.rethrow(thrown);
      }
    }
  }
}
