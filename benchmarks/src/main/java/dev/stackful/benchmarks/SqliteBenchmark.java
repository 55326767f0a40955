package dev.stackful.benchmarks;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.Yielder;
import dev.stackful.foreign.ForeignCallback;
import dev.stackful.foreign.ForeignCoroutine;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One row of a query's 10,000 through {@code sqlite3_exec}: pushed into an upcall, which is the
 * ordinary way; pulled out of a foreign coroutine; pulled out of a coroutine whose upcall yields.
 * SQLite's own work is in all of them. Java reads a byte of the row's first column.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SqliteBenchmark {
  static final Optional<CLibrary> LIBRARY = CLibrary.load("libsqlite3.so.0");

  private static final int ROWS = 10_000;

  private static final FunctionDescriptor EXEC =
      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  private static final FunctionDescriptor ROW =
      FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, CLibrary.C_STRINGS, CLibrary.C_STRINGS);
  private static final MethodHandle EXEC_HANDLE =
      LIBRARY.map(library -> library.downcall("sqlite3_exec", EXEC)).orElse(null);

  /** A database in memory. */
  @State(Scope.Thread)
  public static class Database {
    private final Arena arena = Arena.ofShared();
    final MemorySegment query = arena.allocateFrom("SELECT i, name FROM t");
    MemorySegment handle;

    @Setup
    public void open() throws Throwable {
      MemorySegment result = arena.allocate(ADDRESS);
      CLibrary library = LIBRARY.orElseThrow();
      int opened =
          (int)
              library
                  .downcall("sqlite3_open", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS))
                  .invokeExact(arena.allocateFrom(":memory:"), result);
      handle = result.get(ADDRESS, 0);
      check(opened);
      check(
          exec(
              arena.allocateFrom(
                  "CREATE TABLE t AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                      + " WHERE i < "
                      + ROWS
                      + ") SELECT i, 'name ' || i AS name FROM n"),
              MemorySegment.NULL));
    }

    int exec(MemorySegment sql, MemorySegment callback) throws Throwable {
      return (int)
          EXEC_HANDLE.invokeExact(handle, sql, callback, MemorySegment.NULL, MemorySegment.NULL);
    }

    @TearDown(Level.Trial)
    public void close() throws Throwable {
      check(
          (int)
              LIBRARY
                  .orElseThrow()
                  .downcall("sqlite3_close", FunctionDescriptor.of(JAVA_INT, ADDRESS))
                  .invokeExact(handle));
      arena.close();
    }
  }

  private static void check(int code) {
    if (code != 0) {
      throw new IllegalStateException("SQLite's result code is " + code);
    }
  }

  private static long firstByte(MemorySegment values) {
    return values.get(CLibrary.C_STRING, 0).get(JAVA_BYTE, 0);
  }

  /** An upcall that adds up. */
  @State(Scope.Thread)
  public static class Adder {
    MemorySegment pointer;
    long sum;

    @Setup
    public void make() {
      pointer = CLibrary.upcall(MethodHandles.lookup(), this, "row", ROW);
    }

    int row(MemorySegment unused, int columns, MemorySegment values, MemorySegment names) {
      sum += firstByte(values);
      return 0;
    }
  }

  /** An upcall that yields. */
  @State(Scope.Thread)
  public static class Yielding {
    MemorySegment pointer;
    Yielder<Void, MemorySegment> yielder;

    @Setup
    public void make() {
      pointer = CLibrary.upcall(MethodHandles.lookup(), this, "row", ROW);
    }

    int row(MemorySegment unused, int columns, MemorySegment values, MemorySegment names) {
      yielder.yield(values);
      return 0;
    }
  }

  /** A foreign coroutine with its callback. */
  @State(Scope.Thread)
  public static class Ordinary {
    ForeignCoroutine exec;
    ForeignCallback row;

    ForeignCoroutine.Builder builder() {
      return ForeignCoroutine.builder();
    }

    @Setup
    public void open() {
      exec = builder().build();
      row = exec.callback(ROW);
    }

    @TearDown(Level.Trial)
    public void close() {
      exec.close();
    }
  }

  /** One that is resumed by critical downcalls. */
  @State(Scope.Thread)
  public static class Critical extends Ordinary {
    @Override
    ForeignCoroutine.Builder builder() {
      return super.builder().critical();
    }
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long plainUpcall(Database database, Adder adder) throws Throwable {
    check(database.exec(database.query, adder.pointer));
    return adder.sum;
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long coroutineAndUpcall(Database database, Yielding callback) {
    Coroutine<Void, MemorySegment> rows =
        Coroutine.builder()
            .engine(Engine.NATIVE)
            .build(
                (self, first) -> {
                  callback.yielder = self;
                  try {
                    check(database.exec(database.query, callback.pointer));
                  } catch (Throwable t) {
                    throw new IllegalStateException(t);
                  }
                  return null;
                });
    long sum = 0;
    for (MemorySegment values = rows.resume(); values != null; values = rows.resume()) {
      sum += firstByte(values);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long foreignCoroutine(Database database, Ordinary rows) {
    return pull(database, rows);
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long foreignCoroutineCritical(Database database, Critical rows) {
    return pull(database, rows);
  }

  private static long pull(Database database, Ordinary rows) {
    ForeignCoroutine exec = rows.exec;
    ForeignCallback row = rows.row;
    exec.start(
        LIBRARY.orElseThrow().address("sqlite3_exec"),
        EXEC,
        database.handle,
        database.query,
        row.function(),
        MemorySegment.NULL,
        MemorySegment.NULL);
    long sum = 0;
    for (boolean more = exec.resume(); more; more = exec.resume(0)) {
      sum += firstByte(row.getSegment(2));
    }
    check((int) exec.result());
    return sum;
  }
}
