package dev.stackful.real;

import dev.stackful.Engine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Runs each program outside of bodies, and then on each engine in a body that yields at each
 * callback and is resumed by platform and virtual threads in turn. The results must be the same.
 */
public final class RealSoftware {
  private static final String JSR166 = "jsr166/";

  private final List<String> wanted;
  private int passed;
  private int failed;

  private RealSoftware(List<String> wanted) {
    this.wanted = wanted;
  }

  /**
   * Arguments: names of programs; without any, all of them. The last line adds up: N passed, N
   * failed.
   */
  public static void main(String[] arguments) throws IOException {
    System.setProperty("derby.locks.waitTimeout", "1");
    System.setProperty("derby.stream.error.field", RealSoftware.class.getName() + ".NOWHERE");
    Path root = Path.of(System.getProperty("stackful.root", "."));
    RealSoftware all = new RealSoftware(List.of(arguments));
    all.runAll(root);
    System.out.println(all.passed + " passed, " + all.failed + " failed");
    System.exit(all.failed == 0 ? 0 : 1); // databases and interpreters leave threads behind
  }

  /** Where Derby's log goes. Public, as Derby looks for it by its name. */
  public static final OutputStream NOWHERE = OutputStream.nullOutputStream();

  private void runAll(Path root) throws IOException {
    Map<String, Program> programs = new LinkedHashMap<>();
    programs.put("javac", new Javac(root));
    programs.put("h2", Databases.H2);
    programs.put("derby", Databases.DERBY);
    programs.put("lucene", new Lucene(root));
    programs.put("groovy", Interpreters::groovy);
    programs.put("rhino-interpreted", Interpreters::rhinoInterpreted);
    programs.put("rhino-compiled", Interpreters::rhinoCompiled);
    programs.put("jython", Interpreters::jython);
    List<String> names = new ArrayList<>(programs.keySet());
    names.addAll(List.of("http", "database-locks"));
    String tests = System.getProperty("stackful.jsr166");
    if (tests != null) {
      Jsr166.in(Path.of(tests)).forEach((name, program) -> programs.put(JSR166 + name, program));
      names.add("jsr166");
      names.addAll(programs.keySet());
    }
    Set<String> unknown = new TreeSet<>(wanted);
    names.forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      System.out.println("no such program: " + unknown + "; there are " + names);
      failed++;
      return;
    }
    programs.forEach(
        (name, program) -> compare(name, program, (engine, turns) -> turns.run(program::run)));
    compare("http", new Http(null), (engine, turns) -> turns.run(new Http(turns)::run));
    for (Databases database : Databases.values()) {
      compare(
          "database-locks",
          () -> "timed out, committed, updated 1",
          (engine, turns) -> DatabaseLock.check(database, turns));
    }
  }

  /** What is compared with the run outside. */
  private interface Inside {
    String run(Engine engine, Turns turns) throws Exception;
  }

  private void compare(String name, Program program, Inside inside) {
    boolean oneOfMany = name.startsWith(JSR166);
    boolean asked = wanted.contains(name) || oneOfMany && wanted.contains("jsr166");
    if (!asked && !(wanted.isEmpty() && !oneOfMany)) {
      return;
    }
    String expected;
    try {
      expected = program.run();
    } catch (Exception | LinkageError e) {
      failed++;
      System.out.println("FAILED: " + name + " outside of a body");
      e.printStackTrace(System.out);
      return;
    }
    System.out.println(name + ": " + shortened(expected));
    List<Engine> engines = Arrays.stream(Engine.values()).filter(Engine::isAvailable).toList();
    for (Engine engine : engines) {
      long start = System.nanoTime();
      try (Turns turns = new Turns(engine)) {
        String result = inside.run(engine, turns);
        String effort =
            String.format(
                Locale.ROOT,
                "%s on %s: %,d yields, %.1f s",
                name,
                engine,
                turns.yields(),
                (System.nanoTime() - start) / 1e9);
        if (result.equals(expected)) {
          passed++;
          System.out.println("ok: " + effort);
        } else {
          failed++;
          System.out.println("FAILED: " + effort + ": " + shortened(result));
        }
      } catch (Exception | Error e) {
        failed++;
        System.out.println("FAILED: " + name + " on " + engine);
        e.printStackTrace(System.out);
      }
    }
  }

  private static String shortened(String text) {
    return text.length() <= 100 ? text : text.substring(0, 97) + "...";
  }
}
