package dev.stackful.cli;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

/** The command's entry. */
public final class Main {
  private static final String USAGE =
      """
      usage: stackful COMMAND

        demo [--trace FILE]   two fibers count in turn, each on a stack of its own; FILE gets a trace
                              of their turns, to open with Perfetto or chrome://tracing
        explain [ROUTINE]     the machine code of both processors side by side, with the reasons;
                              ROUTINE is switch (the default), switchFromNewThread, park, wake or all
        doctor                which engine this machine gets, why, and the flags worth giving
      """;

  private Main() {}

  /**
   * Runs a command.
   *
   * @param arguments the command's name and what it takes
   */
  public static void main(String[] arguments) {
    int status = run(Arrays.asList(arguments), System.out, System.err);
    System.out.flush();
    if (status != 0) {
      System.exit(status);
    }
  }

  /** Runs a command and returns its exit status: 0, or 2 for a wrong call. */
  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (arguments.isEmpty()) {
      err.print(USAGE);
      return 2;
    }
    String command = arguments.getFirst();
    List<String> rest = arguments.subList(1, arguments.size());
    try {
      switch (command) {
        case "demo" -> Demo.run(rest, out);
        case "explain" -> Explain.run(rest, out);
        case "doctor" -> {
          none(command, rest);
          Doctor.run(out);
        }
        case "help", "--help", "-h" -> out.print(USAGE);
        default -> throw new UsageException("no such command: " + command);
      }
      return 0;
    } catch (UsageException e) {
      err.println("stackful: " + e.getMessage());
      err.print(USAGE);
      return 2;
    }
  }

  private static void none(String command, List<String> rest) throws UsageException {
    if (!rest.isEmpty()) {
      throw new UsageException(command + " takes no argument, got " + rest);
    }
  }
}
