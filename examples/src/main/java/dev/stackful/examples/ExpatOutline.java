package dev.stackful.examples;

import dev.stackful.examples.foreign.ExpatEvent.EndElement;
import dev.stackful.examples.foreign.ExpatEvent.StartElement;
import dev.stackful.examples.foreign.ExpatEvent.Text;
import dev.stackful.examples.foreign.ExpatEvents;
import java.io.IOException;
import java.nio.file.Files;
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
   * @throws IOException if it can't be opened
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      System.err.println("usage: ExpatOutline FILE");
      System.exit(2);
    }
    Path file = Path.of(arguments[0]);
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
}
