package dev.stackful.examples;

import dev.stackful.examples.lua.LuaCoroutine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.lib.jse.JsePlatform;

/**
 * Runs Lua programs in LuaJ, with its coroutines on this library; without one, measures them beside
 * LuaJ's own, which are threads.
 */
public final class LuaCoroutines {
  private static final int ROUNDS = 5;

  private static final String RESUMES =
      """
      local co = coroutine.wrap(function() while true do coroutine.yield(1) end end)
      local sum = 0
      for i = 1, N do sum = sum + co() end
      assert(sum == N)
      """;

  private static final String CREATIONS =
      """
      local sum = 0
      for i = 1, N do
        sum = sum + coroutine.wrap(function(x) return x end)(1)
      end
      assert(sum == N)
      """;

  private LuaCoroutines() {}

  /** A Lua state whose coroutines are this library's. */
  public static Globals globals() {
    Globals globals = JsePlatform.standardGlobals();
    LuaCoroutine.install(globals);
    return globals;
  }

  /**
   * Runs programs, one after the other.
   *
   * @param arguments files of Lua; without any, it measures
   */
  public static void main(String[] arguments) {
    for (String file : arguments) {
      if (!Files.isReadable(Path.of(file))) {
        System.err.println("usage: LuaCoroutines [FILE...]; there is no file " + file);
        System.exit(2);
      }
    }
    try {
      for (String file : arguments) {
        globals().loadfile(file).call();
      }
    } catch (LuaError e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
    if (arguments.length == 0) {
      compare("a resume and a yield", RESUMES, 20_000);
      compare("a coroutine that is created and runs once", CREATIONS, 2_000);
    }
  }

  /** The two in turn, and of each the best round: what else the machine does only adds to it. */
  private static void compare(String what, String program, int times) {
    double ours = Double.MAX_VALUE;
    double theirs = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      ours = Math.min(ours, nanosEach(globals(), program, times));
      theirs = Math.min(theirs, nanosEach(JsePlatform.standardGlobals(), program, times));
    }
    System.out.printf(
        Locale.ROOT,
        "%s: %.0f ns, LuaJ's own %.0f ns, ratio %.1f%n",
        what,
        ours,
        theirs,
        theirs / ours);
  }

  private static double nanosEach(Globals globals, String program, int times) {
    globals.set("N", times);
    long start = System.nanoTime();
    globals.load(program).call();
    return (double) (System.nanoTime() - start) / times;
  }
}
