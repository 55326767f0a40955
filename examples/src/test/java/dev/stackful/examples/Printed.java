package dev.stackful.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What a program prints to standard output. Tests that use it run one at a time. */
public final class Printed {
  private Printed() {}

  /** A program's {@code main}. */
  @FunctionalInterface
  public interface Program {
    void main(String[] arguments) throws Exception;
  }

  /** Runs a program and returns what it printed, with line feeds. */
  public static String by(Program program, String... arguments) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(bytes, /* autoFlush= */ true, StandardCharsets.UTF_8));
    try {
      program.main(arguments);
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
