package dev.stackful.examples.foreign;

import dev.stackful.Generator;
import dev.stackful.GeneratorScope;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** The rows that {@code sqlite3_exec} pushes, pulled one by one. */
public final class SqliteRows {
  private SqliteRows() {}

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
