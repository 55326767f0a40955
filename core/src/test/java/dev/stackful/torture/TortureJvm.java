package dev.stackful.torture;

import dev.stackful.Engine;

/**
 * One program in a JVM of its own. Arguments: the program, for how many seconds, and a seed. It
 * prints the sum of its switches, and then that it was right.
 */
public final class TortureJvm {
  static final String OK = "torture ok";

  private TortureJvm() {}

  /** Runs it. */
  @SuppressWarnings("SystemExitOutsideMain")
  public static void main(String[] arguments) {
    TortureProgram program = TortureProgram.valueOf(arguments[0]);
    Check.equal(Engine.NATIVE, Engine.preferred(), "the engine");
    try {
      report(program.work().run(Long.parseLong(arguments[1]), Long.parseLong(arguments[2])));
    } catch (Throwable t) {
      t.printStackTrace(System.out);
      System.exit(1);
    }
  }

  /** Says that all was right, and how much that was. */
  static void report(long switches) {
    System.out.println("switches: " + switches + "\n" + OK);
  }
}
