package dev.stackful.examples.lua;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.examples.LuaCoroutines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.VarArgFunction;

/**
 * Lua programs print what Lua 5.2 prints: the text files beside them are its output, but for that
 * of {@code sort.lua}, which it refuses.
 */
final class LuaCoroutineTest {
  private static String resource(String name) throws IOException {
    try (InputStream in = LuaCoroutineTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"generators", "pipes", "errors", "sort"})
  void aProgramPrintsWhatLuaPrints(String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Globals globals = LuaCoroutines.globals();
    globals.STDOUT = new PrintStream(bytes, /* autoFlush= */ true, StandardCharsets.UTF_8);
    globals.load(resource(name + ".lua"), name).call();
    assertEquals(resource(name + ".txt"), bytes.toString(StandardCharsets.UTF_8));
  }

  @Test
  @Tag("native-speed")
  void tenThousandAreSuspendedAtOnce() throws IOException {
    aProgramPrintsWhatLuaPrints("tenthousand");
  }

  // ---- dropped ones ------------------------------------------------------------------------

  /** Counts the coroutines in it that are unwound: Lua itself has no way to see that. */
  private static final class Watched extends VarArgFunction {
    private final AtomicInteger unwound = new AtomicInteger();

    @Override
    public Varargs invoke(Varargs arguments) {
      try {
        return arguments.arg1().invoke(arguments.subargs(2));
      } finally {
        unwound.incrementAndGet();
      }
    }

    /** Collects garbage until so many are unwound. */
    boolean await(int count) throws InterruptedException {
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (unwound.get() < count) {
        if (System.nanoTime() > deadline) {
          return false;
        }
        System.gc();
        Thread.sleep(10); // the library's thread unwinds them
      }
      return true;
    }
  }

  private static void drop(Watched watched, int count, String body) {
    Globals globals = LuaCoroutines.globals();
    globals.set("watched", watched);
    globals.set("N", LuaValue.valueOf(count));
    globals
        .load(
            "for i = 1, N do local co; co = coroutine.create(function() "
                + body
                + " end); coroutine.resume(co) end")
        .call();
  }

  @Test
  void droppedOnesAreUnwound() throws Exception {
    Watched watched = new Watched();
    drop(watched, 100, "watched(function() coroutine.yield() end)");
    assertTrue(watched.await(100), () -> watched.unwound + " of 100 were unwound");
  }

  /** {@code docs/limits.md} says so, and what to do. */
  @Test
  void onesWhoseBodyHoldsItsOwnHandleAreNot() throws Exception {
    Watched holding = new Watched();
    drop(holding, 10, "watched(function() coroutine.yield(co) end)");
    Watched others = new Watched();
    drop(others, 100, "watched(function() coroutine.yield() end)");
    assertTrue(others.await(100), () -> others.unwound + " of 100 were unwound");
    assertEquals(0, holding.unwound.get());
  }

  /**
   * A body may ask who it is whenever it wants to know. In a function of its own, as LuaJ's
   * registers keep what was in them.
   */
  @Test
  void onesThatAskForTheirHandleWhenTheyNeedItAre() throws Exception {
    Watched watched = new Watched();
    drop(
        watched,
        100,
        """
        watched(function()
          local function ask()
            local self = coroutine.running()
            assert(coroutine.status(self) == "running")
          end
          ask()
          coroutine.yield()
        end)
        """);
    assertTrue(watched.await(100), () -> watched.unwound + " of 100 were unwound");
  }
}
