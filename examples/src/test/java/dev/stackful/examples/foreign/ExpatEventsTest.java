package dev.stackful.examples.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.examples.foreign.ExpatEvent.EndElement;
import dev.stackful.examples.foreign.ExpatEvent.StartElement;
import dev.stackful.examples.foreign.ExpatEvent.Text;
import dev.stackful.examples.xml.XmlEvent;
import dev.stackful.examples.xml.XmlEvents;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The promises of an iterator of Expat's events, whichever way it is made. */
abstract class ExpatEventsTest {
  private static final int ELEMENTS = 40_000 / Integer.getInteger("stackful.test.slowness", 1);

  abstract Stream<ExpatEvent> events(XmlEvents.Source source);

  private List<ExpatEvent> all(String document) {
    try (Stream<ExpatEvent> events = events(source(document))) {
      return events.toList();
    }
  }

  private static XmlEvents.Source source(String document) {
    return () -> new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8));
  }

  @BeforeAll
  static void needsExpat() {
    NeededLibrary.expat();
  }

  @Test
  void threeHandlersGiveOneStream() {
    assertEquals(
        List.of(
            new StartElement("a", Map.of()),
            new Text("x"),
            new StartElement("b", Map.of("k", "ü", "l", "")),
            new EndElement("b"),
            new Text("y"),
            new EndElement("a")),
        all("<a>x<b k='ü' l=''/>y</a>"));
  }

  @Test
  void aLargeDocumentGivesWhatTheJdksParserGives() {
    StringBuilder document = new StringBuilder("<all>");
    for (int i = 0; i < ELEMENTS; i++) {
      document.append("<item id='").append(i).append("'>text ").append(i).append("</item>\n");
    }
    String text = document.append("</all>").toString();

    List<ExpatEvent> expected = new ArrayList<>();
    StringBuilder expectedText = new StringBuilder();
    for (XmlEvent event : XmlEvents.of(source(text), "test:large")) {
      switch (event) {
        case XmlEvent.StartElement(var name, var attributes) ->
            expected.add(new StartElement(name, attributes));
        case XmlEvent.EndElement(var name) -> expected.add(new EndElement(name));
        case XmlEvent.Text characters -> expectedText.append(characters);
        default -> {}
      }
    }
    List<ExpatEvent> elements = new ArrayList<>();
    StringBuilder foundText = new StringBuilder();
    for (ExpatEvent event : all(text)) {
      if (event instanceof Text(var characters)) {
        foundText.append(characters);
      } else {
        elements.add(event);
      }
    }
    assertEquals(expected, elements);
    assertEquals(expectedText.toString(), foundText.toString());
    assertEquals(2 * (ELEMENTS + 1), elements.size());
  }

  @Test
  void anErrorComesAfterTheEventsBeforeItAndNamesItsLine() {
    List<ExpatEvent> seen = new ArrayList<>();
    try (Stream<ExpatEvent> events = events(source("<a>\n<b>\n</a>"))) {
      ExpatException e = assertThrows(ExpatException.class, () -> events.forEachOrdered(seen::add));
      assertEquals(3, e.line());
      assertTrue(e.getMessage().contains("mismatched tag"), e.getMessage());
    }
    assertEquals(new StartElement("a", Map.of()), seen.get(0));
    assertTrue(seen.contains(new StartElement("b", Map.of())), seen::toString);
  }

  @Test
  void anEmptyDocumentIsAnError() {
    ExpatException e = assertThrows(ExpatException.class, () -> all(""));
    assertTrue(e.getMessage().contains("no element found"), e.getMessage());
  }

  @Test
  void anEarlyCloseClosesTheDocument() {
    AtomicBoolean closed = new AtomicBoolean();
    InputStream endless =
        new InputStream() {
          private boolean begun;

          @Override
          public int read() {
            throw new AssertionError("read one by one");
          }

          @Override
          public int read(byte[] bytes, int from, int length) {
            byte[] text = (begun ? "<b/>" : "<a>").getBytes(StandardCharsets.US_ASCII);
            begun = true;
            System.arraycopy(text, 0, bytes, from, Math.min(length, text.length));
            return Math.min(length, text.length);
          }

          @Override
          public void close() {
            closed.set(true);
          }
        };
    try (Stream<ExpatEvent> events = events(() -> endless)) {
      assertEquals(10, events.limit(10).count());
      assertFalse(closed.get());
    }
    assertTrue(closed.get());
  }

  @Test
  void whatTheDocumentThrowsComesOut() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the line is cut");
          }

          @Override
          public int read(byte[] bytes, int from, int length) throws IOException {
            return read();
          }
        };
    RuntimeException e;
    try (Stream<ExpatEvent> events = events(() -> broken)) {
      e = assertThrows(RuntimeException.class, () -> events.forEach(event -> {}));
    }
    assertInstanceOf(IOException.class, e.getCause());
    assertEquals("the line is cut", e.getCause().getMessage());
  }
}
