package dev.stackful.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The command's entry. */
public final class Main {
  private Main() {}

  /**
   * Runs a command.
   *
   * @param arguments the command's name and what it takes
   */
  public static void main(String[] arguments) {
    int status = run(Arrays.asList(arguments), System.out, System.err);
    if (System.out.checkError() && status == 0) {
      status = lost(System.err);
    }
    if (status != 0) {
      System.exit(status);
    }
  }

  /**
   * Not all of the output could be written. Whoever closes a pipe has read enough; a full disk is
   * another matter. Which it is, a stream that prints doesn't tell, so one more byte is tried.
   *
   * @return the exit status
   */
  private static int lost(PrintStream err) {
    String reason = "some of it is lost";
    try {
      FileOutputStream standardOutput = new FileOutputStream(FileDescriptor.out);
      standardOutput.write('\n');
    } catch (IOException e) {
      reason = String.valueOf(e.getMessage());
    }
    if (reason.equals(brokenPipe())) {
      return 0;
    }
    err.println("stackful: cannot write the output: " + reason);
    return 1;
  }

  /** What the system says of a pipe that was closed: in the user's language, where it has that. */
  private static String brokenPipe() {
    try {
      Pipe pipe = Pipe.open();
      try (Pipe.SinkChannel sink = pipe.sink()) {
        pipe.source().close();
        sink.write(ByteBuffer.wrap(new byte[1]));
      }
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
    return "Broken pipe";
  }

  /**
   * Runs a command and returns its exit status: 0; 1 where it can't do what it is asked for; 2 for
   * a wrong call.
   */
  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (arguments.isEmpty()) {
      err.print(text("usage.txt"));
      return 2;
    }
    String command = arguments.getFirst();
    List<String> rest = arguments.subList(1, arguments.size());
    if (rest.equals(List.of("--help")) || rest.equals(List.of("-h"))) {
      command = "help";
    }
    try {
      switch (command) {
        case "demo" -> Demo.run(rest, out);
        case "explain" -> Explain.run(rest, out);
        case "doctor" -> {
          none(command, rest);
          return Doctor.run(out) ? 0 : 1;
        }
        case "help", "--help", "-h" -> out.print(text("usage.txt"));
        case "version", "--version" -> out.print("stackful " + text("version.txt"));
        default -> throw new UsageException("no such command: " + command);
      }
      return 0;
    } catch (UsageException e) {
      err.println("stackful: " + e.getMessage());
      err.print(text("usage.txt"));
      return 2;
    } catch (CommandException e) {
      err.println("stackful: " + e.getMessage());
      return 1;
    }
  }

  private static void none(String command, List<String> rest) throws UsageException {
    if (!rest.isEmpty()) {
      throw new UsageException(command + " takes no argument, got " + rest);
    }
  }

  private static String text(String file) {
    try (InputStream in = Main.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
