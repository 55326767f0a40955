package dev.stackful.examples.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A database of libsqlite3, by {@code sqlite3_exec}, which runs a statement and calls back for each
 * row of its result. {@link SqliteRows} turns that round.
 *
 * <p>A database is opened without a mutex: with one, a statement would hold it for as long as its
 * coroutine is suspended, and a second statement on the same database, in another coroutine, would
 * wait for ever. So no two threads may use a database at once; that several statements stand in the
 * middle is fine. It must not be closed while one does.
 */
public final class Sqlite implements AutoCloseable {
  /**
   * One row of a result, as SQLite's text.
   *
   * @param columns the columns' names
   * @param values a value for each column; null is SQL's NULL
   */
  public record Row(List<String> columns, List<@Nullable String> values) {}

  static final int OK = 0;

  /** What a statement ends with whose callback has answered with anything but 0. */
  static final int ABORT = 4;

  /**
   * {@code int sqlite3_exec(sqlite3 *, const char *sql, int (*callback)(void *, int, char **, char
   * **), void *, char **message)}
   */
  static final FunctionDescriptor EXEC_DESCRIPTOR =
      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);

  /** What it calls for each row: any pointer, the number of columns, their values, their names. */
  static final FunctionDescriptor CALLBACK_DESCRIPTOR =
      FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, CLibrary.C_STRINGS, CLibrary.C_STRINGS);

  /** SQLITE_OPEN_READWRITE, SQLITE_OPEN_CREATE and SQLITE_OPEN_NOMUTEX. */
  private static final int OPEN_FLAGS = 0x2 | 0x4 | 0x8000;

  private static final CLibrary LIBRARY = CLibrary.load("libsqlite3.so.0", "libsqlite3-0");
  private static final MethodHandle OPEN =
      LIBRARY.downcall(
          "sqlite3_open_v2", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS));
  private static final MethodHandle CLOSE =
      LIBRARY.downcall("sqlite3_close", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle EXEC = LIBRARY.downcall("sqlite3_exec", EXEC_DESCRIPTOR);
  private static final MethodHandle FREE =
      LIBRARY.downcall("sqlite3_free", FunctionDescriptor.ofVoid(ADDRESS));
  private static final MethodHandle ERRMSG =
      LIBRARY.downcall("sqlite3_errmsg", FunctionDescriptor.of(CLibrary.C_STRING, ADDRESS));

  private final MemorySegment handle;

  private Sqlite(MemorySegment handle) {
    this.handle = handle;
  }

  /**
   * Opens a database.
   *
   * @param file its path, or {@code :memory:} for one that nobody keeps
   * @return an open database
   * @throws SqliteException if it can't be opened
   */
  public static Sqlite open(String file) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ADDRESS);
      int code =
          (int) OPEN.invokeExact(arena.allocateFrom(file), result, OPEN_FLAGS, MemorySegment.NULL);
      Sqlite database = new Sqlite(result.get(ADDRESS, 0));
      if (code != OK) {
        SqliteException failure = new SqliteException(code, database.lastMessage());
        database.close();
        throw failure;
      }
      return database;
    } catch (Throwable t) {
      throw CLibrary.rethrow(t);
    }
  }

  /**
   * Runs statements whose rows nobody wants.
   *
   * @param sql one statement or several, with semicolons between them
   * @throws SqliteException if SQLite refuses one
   */
  public void execute(String sql) {
    try (Arena arena = Arena.ofConfined()) {
      Statement statement = new Statement(this, sql, arena);
      statement.check(statement.run(MemorySegment.NULL));
    }
  }

  /** Closes the database. */
  @Override
  public void close() {
    try {
      int code = (int) CLOSE.invokeExact(handle);
      if (code != OK) {
        throw new SqliteException(code, lastMessage());
      }
    } catch (Throwable t) {
      throw CLibrary.rethrow(t);
    }
  }

  private String lastMessage() {
    try {
      return Objects.requireNonNullElse(
          CLibrary.string((MemorySegment) ERRMSG.invokeExact(handle)), "no message");
    } catch (Throwable t) {
      throw CLibrary.rethrow(t);
    }
  }

  /** The address of {@code sqlite3_exec}. */
  static MemorySegment exec() {
    return LIBRARY.address("sqlite3_exec");
  }

  /** What the callback was called with, as a row. */
  static Row row(int columns, MemorySegment values, MemorySegment names) {
    List<String> copiedNames = new ArrayList<>(columns);
    List<@Nullable String> copiedValues = new ArrayList<>(columns);
    for (int i = 0; i < columns; i++) {
      copiedNames.add(Objects.requireNonNullElse(CLibrary.string(names, i), ""));
      copiedValues.add(CLibrary.string(values, i));
    }
    return new Row(
        Collections.unmodifiableList(copiedNames), Collections.unmodifiableList(copiedValues));
  }

  /** One call of {@code sqlite3_exec}, with the memory that it needs. */
  static final class Statement {
    private final Sqlite database;
    private final MemorySegment sql;
    private final MemorySegment message;

    Statement(Sqlite database, String sql, Arena arena) {
      this.database = database;
      this.sql = arena.allocateFrom(sql);
      this.message = arena.allocate(ADDRESS);
    }

    /** The arguments. */
    Object[] arguments(MemorySegment callback) {
      return new Object[] {database.handle, sql, callback, MemorySegment.NULL, message};
    }

    int run(MemorySegment callback) {
      try {
        return (int) EXEC.invokeExact(database.handle, sql, callback, MemorySegment.NULL, message);
      } catch (Throwable t) {
        throw CLibrary.rethrow(t);
      }
    }

    /** Throws if the result code is an error, and gives SQLite's message back to it. */
    void check(int code) {
      MemorySegment text = message.get(CLibrary.C_STRING, 0);
      try {
        if (code != OK) {
          throw new SqliteException(
              code, Objects.requireNonNullElse(CLibrary.string(text), "no message"));
        }
      } finally {
        free(text);
        message.set(ADDRESS, 0, MemorySegment.NULL);
      }
    }

    private static void free(MemorySegment text) {
      try {
        FREE.invokeExact(text);
      } catch (Throwable t) {
        throw CLibrary.rethrow(t);
      }
    }
  }
}
