package dev.stackful.examples;

import dev.stackful.CoroutineException;
import dev.stackful.GeneratorIterator;
import dev.stackful.examples.xml.EventCounts;
import dev.stackful.examples.xml.XmlEvent;
import dev.stackful.examples.xml.XmlEvent.EndDocument;
import dev.stackful.examples.xml.XmlEvent.EndElement;
import dev.stackful.examples.xml.XmlEvent.ProcessingInstruction;
import dev.stackful.examples.xml.XmlEvent.SkippedEntity;
import dev.stackful.examples.xml.XmlEvent.StartDocument;
import dev.stackful.examples.xml.XmlEvent.StartElement;
import dev.stackful.examples.xml.XmlEvent.Text;
import dev.stackful.examples.xml.XmlEvents;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.xml.parsers.ParserConfigurationException;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * Reads XML files by pulling events out of the JDK's SAX parser. SAX calls its handler; here the
 * program asks for the next event, so it can follow the document with its own calls: {@link
 * Outline#element} reads an element by calling itself for those inside.
 */
public final class PullParser {
  private static final String USAGE =
      """
      usage: PullParser [--outline | --print | --check] FILE...

        --outline   the tree of elements, up to %d lines, and the number of events (the default)
        --print     every event, one a line
        --check     the number of events, pulled and as plain SAX pushes them; they must be equal
      """
          .formatted(Outline.MOST_LINES);

  private final PrintStream out;
  private final PrintStream err;

  private PullParser(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Runs the program.
   *
   * @param arguments a mode and files
   */
  public static void main(String[] arguments) {
    Charset charset = System.out.charset();
    PrintStream out =
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
            /* autoFlush= */ false,
            charset);
    int status = run(Arrays.asList(arguments), out, System.err);
    out.flush();
    System.exit(status);
  }

  /** Returns the exit status: 0, 1 if a file could not be read, 2 for a wrong call. */
  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    String mode = "--outline";
    List<String> files = arguments;
    if (!arguments.isEmpty() && arguments.getFirst().startsWith("--")) {
      mode = arguments.getFirst();
      files = arguments.subList(1, arguments.size());
    }
    if (files.isEmpty() || !List.of("--outline", "--print", "--check").contains(mode)) {
      err.print(USAGE);
      return 2;
    }
    PullParser program = new PullParser(out, err);
    boolean failed = false;
    for (String file : files) {
      failed |= !program.read(mode, file);
    }
    return failed ? 1 : 0;
  }

  private boolean read(String mode, String name) {
    try {
      Path file = Path.of(name);
      return switch (mode) {
        case "--print" -> print(file);
        case "--check" -> check(file);
        default -> outline(file);
      };
    } catch (CoroutineException e) {
      // What the parser throws is checked: it comes out of the iterator as this one's cause.
      return fail(describe(name, e.getCause()));
    } catch (SAXException | IOException | ParserConfigurationException | InvalidPathException e) {
      return fail(describe(name, e));
    }
  }

  private boolean outline(Path file) {
    try (GeneratorIterator<XmlEvent> events = XmlEvents.of(file).iterator()) {
      Outline outline = new Outline(events, out);
      outline.document();
      out.printf("%s: %d events%n%s", file, outline.counts.total(), outline.counts);
    }
    return true;
  }

  private boolean print(Path file) {
    for (XmlEvent event : XmlEvents.of(file)) {
      out.println(line(event));
    }
    return true;
  }

  private boolean check(Path file) throws SAXException, IOException, ParserConfigurationException {
    EventCounts pulled = new EventCounts();
    XmlEvents.of(file).forEach(pulled::add);
    EventCounts pushed = EventCounts.pushed(file);
    if (!pulled.equals(pushed)) {
      return fail("%s: pulled%n%spushed%n%s".formatted(file, pulled, pushed));
    }
    out.printf("%s: %d events pulled, %d pushed%n", file, pulled.total(), pushed.total());
    return true;
  }

  /** Reads a document and prints its elements, each with its attributes and its first text. */
  private static final class Outline {
    static final int MOST_LINES = 40;
    private static final int MOST_CHARACTERS = 60;

    private final GeneratorIterator<XmlEvent> events;
    private final PrintStream out;
    private final EventCounts counts = new EventCounts();
    private long lines;

    Outline(GeneratorIterator<XmlEvent> events, PrintStream out) {
      this.events = events;
      this.out = out;
    }

    private XmlEvent next() {
      XmlEvent event = events.next();
      counts.add(event);
      return event;
    }

    void document() {
      while (events.hasNext()) {
        if (next() instanceof StartElement root) {
          element(root, 0);
        }
      }
      if (lines > MOST_LINES) {
        out.printf("... and %d more elements%n", lines - MOST_LINES);
      }
    }

    /** Reads from behind an element's start to its end. */
    private void element(StartElement start, int depth) {
      StringBuilder text = new StringBuilder();
      boolean printed = false;
      while (true) {
        switch (next()) {
          case StartElement child -> {
            if (!printed) {
              line(start, depth, text);
              printed = true;
            }
            element(child, depth + 1);
          }
          case EndElement _ -> {
            if (!printed) {
              line(start, depth, text);
            }
            return;
          }
          case Text more when text.length() < MOST_CHARACTERS -> text.append(more);
          default -> {}
        }
      }
    }

    private void line(StartElement element, int depth, StringBuilder text) {
      if (lines++ >= MOST_LINES) {
        return;
      }
      out.print("  ".repeat(depth) + tag(element));
      String words = text.toString().strip().replaceAll("\\s+", " ");
      if (!words.isEmpty()) {
        out.print(": " + shorten(words));
      }
      out.println();
    }

    private static String shorten(String words) {
      return words.length() <= MOST_CHARACTERS
          ? words
          : words.substring(0, MOST_CHARACTERS) + "...";
    }
  }

  private static String line(XmlEvent event) {
    return switch (event) {
      case StartDocument _ -> "StartDocument";
      case EndDocument _ -> "EndDocument";
      case StartElement element -> "StartElement " + tag(element);
      case EndElement element -> "EndElement " + element.name();
      case Text text -> "Text " + quote(text.toString());
      case ProcessingInstruction instruction ->
          "ProcessingInstruction " + instruction.target() + " " + quote(instruction.data());
      case SkippedEntity entity -> "SkippedEntity " + entity.name();
    };
  }

  private static String tag(StartElement element) {
    Map<String, String> attributes = element.attributes();
    return attributes.isEmpty()
        ? element.name()
        : attributes.entrySet().stream()
            .map(attribute -> attribute.getKey() + "=" + quote(attribute.getValue()))
            .collect(Collectors.joining(" ", element.name() + " ", ""));
  }

  private static String quote(String text) {
    String escaped =
        text.replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replace("\r", "\\r")
            .replace("\t", "\\t");
    return "\"" + escaped + "\"";
  }

  private boolean fail(String message) {
    out.flush();
    err.println(message.stripTrailing());
    return false;
  }

  /** What went wrong with a file, in the form that compilers use. */
  private static String describe(String file, Throwable failure) {
    return switch (failure) {
      case SAXParseException e ->
          "%s:%d:%d: %s".formatted(file, e.getLineNumber(), e.getColumnNumber(), e.getMessage());
      case NoSuchFileException _ -> file + ": no such file";
      case AccessDeniedException _ -> file + ": permission denied";
      default -> file + ": " + failure.getMessage();
    };
  }
}
