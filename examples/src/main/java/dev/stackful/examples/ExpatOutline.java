package dev.stackful.examples;

import dev.stackful.examples.foreign.ExpatEvent.EndElement;
import dev.stackful.examples.foreign.ExpatEvent.StartElement;
import dev.stackful.examples.foreign.ExpatEvent.Text;
import dev.stackful.examples.foreign.ExpatEvents;
import dev.stackful.examples.foreign.ExpatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Prints the elements of an XML file, indented, and counts Expat's events, which its three handlers
 * push and this loop pulls.
 */
public final class ExpatOutline {
  private ExpatOutline() {}

  /**
   * Reads the file.
   *
   * @param arguments the file
   */
  public static void main(String[] arguments) {
    if (arguments.length != 1) {
      System.err.println("usage: ExpatOutline FILE");
      System.exit(2);
    }
    try {
      outline(Path.of(arguments[0]));
    } catch (NoSuchFileException e) {
      fail(arguments[0] + ": no such file");
    } catch (UncheckedIOException e) {
      fail(arguments[0] + ": " + e.getCause().getMessage());
    } catch (IOException
        | ExpatException
        | UnsatisfiedLinkError
        | UnsupportedOperationException e) {
      // A file that can't be read; no XML; no Expat; a machine that has no foreign coroutines.
      fail(arguments[0] + ": " + e.getMessage());
    }
  }

  private static void outline(Path file) throws IOException {
    int depth = 0;
    long events = 0;
    try (ExpatEvents pulled = ExpatEvents.of(() -> Files.newInputStream(file))) {
      while (pulled.hasNext()) {
        events++;
        switch (pulled.next()) {
          case StartElement(var name, var attributes) ->
              System.out.println("  ".repeat(depth++) + name);
          case EndElement(var name) -> depth--;
          case Text(var text) -> {}
        }
      }
    }
    System.out.println(events + " events");
  }

  @SuppressWarnings("SystemExitOutsideMain")
  private static void fail(String message) {
    System.out.flush();
    System.err.println(message);
    System.exit(1);
  }
}
