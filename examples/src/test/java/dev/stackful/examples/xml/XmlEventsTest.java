package dev.stackful.examples.xml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stackful.CoroutineException;
import dev.stackful.Engine;
import dev.stackful.Generator;
import dev.stackful.GeneratorIterator;
import dev.stackful.examples.xml.XmlEvent.EndElement;
import dev.stackful.examples.xml.XmlEvent.StartElement;
import dev.stackful.examples.xml.XmlEvent.Text;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

class XmlEventsTest {
  /** A document that tells how often it was opened and closed. */
  private static final class Document implements XmlEvents.Source {
    private final String text;
    int opened;
    int closed;

    Document(String text) {
      this.text = text;
    }

    @Override
    public InputStream open() {
      opened++;
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
        @Override
        public void close() throws IOException {
          closed = opened;
          super.close();
        }
      };
    }
  }

  private static Generator<XmlEvent> events(String document) {
    return XmlEvents.of(new Document(document), "test:document");
  }

  private static List<String> strings(Generator<XmlEvent> events) {
    List<String> strings = new ArrayList<>();
    for (XmlEvent event : events) {
      strings.add(event instanceof Text text ? "'" + text + "'" : event.toString());
    }
    return strings;
  }

  @Test
  void yieldsWhatSaxCalls() {
    assertEquals(
        List.of(
            "StartDocument[]",
            "ProcessingInstruction[target=style, data=sheet]",
            "StartElement[name=p:a, attributes={xmlns:p=urn:p, y=1, x=<2>}]",
            "'one '",
            "'&'",
            "' two'",
            "StartElement[name=b, attributes={}]",
            "EndElement[name=b]",
            "EndElement[name=p:a]",
            "EndDocument[]"),
        strings(
            events(
                "<?style sheet?><p:a xmlns:p='urn:p' y='1' x='&lt;2>'>one &amp; two<b/></p:a>")));
  }

  @Test
  void marksWhiteSpaceThatTheDtdMakesIgnorable() {
    String document = "<!DOCTYPE a [<!ELEMENT a (b*)><!ELEMENT b (#PCDATA)>]><a> <b> </b></a>";
    List<Boolean> ignorable = new ArrayList<>();
    for (XmlEvent event : events(document)) {
      if (event instanceof Text text) {
        ignorable.add(text.isIgnorable());
      }
    }
    assertEquals(List.of(true, false), ignorable);
  }

  @ParameterizedTest
  @EnumSource
  void closingTheIteratorClosesTheDocument(Engine engine) {
    assumeTrue(engine.isAvailable(), engine.unavailableReason());
    Document document = new Document("<a><b/><c/></a>");
    try (GeneratorIterator<XmlEvent> events =
        XmlEvents.of(document, "test:document").on(engine).iterator()) {
      assertEquals(0, document.opened);
      events.next();
      assertInstanceOf(StartElement.class, events.next());
      assertEquals(1, document.opened);
      assertEquals(0, document.closed);
    }
    assertEquals(1, document.closed);
  }

  @Test
  void closingTheStreamClosesTheDocument() {
    Document document = new Document("<a><b/><c/></a>");
    try (var events = XmlEvents.of(document, "test:document").stream()) {
      assertTrue(events.anyMatch(event -> event.equals(new EndElement("b"))));
      assertEquals(0, document.closed);
    }
    assertEquals(1, document.closed);
  }

  @Test
  void theEndClosesTheDocument() {
    Document document = new Document("<a/>");
    assertEquals(4, XmlEvents.of(document, "test:document").stream().count());
    assertEquals(1, document.closed);
  }

  @Test
  void eachIterationReadsTheDocumentAnew() {
    Document document = new Document("<a/>");
    Generator<XmlEvent> events = XmlEvents.of(document, "test:document");
    assertEquals(strings(events), strings(events));
    assertEquals(2, document.opened);
    assertEquals(2, document.closed);
  }

  @Test
  void twoDocumentsAreReadInStep() {
    try (GeneratorIterator<XmlEvent> one = events("<a>1<b/></a>").iterator();
        GeneratorIterator<XmlEvent> other = events("<a>2<b/></a>").iterator()) {
      while (one.hasNext()) {
        XmlEvent event = one.next();
        XmlEvent counterpart = other.next();
        if (event instanceof Text text) {
          assertEquals("1", text.toString());
          assertEquals("2", counterpart.toString());
        } else {
          assertEquals(event, counterpart);
        }
      }
      assertFalse(other.hasNext());
    }
  }

  @Test
  void aTextLastsUntilTheNextEvent() {
    try (GeneratorIterator<XmlEvent> events = events("<a>some text<b/>more</a>").iterator()) {
      events.next();
      events.next();
      Text text = assertInstanceOf(Text.class, events.next());
      assertEquals(9, text.length());
      assertEquals('t', text.charAt(5));
      assertThrows(IndexOutOfBoundsException.class, () -> text.charAt(9));
      assertFalse(text.isBlank());
      events.next();
      assertThrows(IllegalStateException.class, text::toString);
      assertThrows(IllegalStateException.class, () -> text.charAt(0));

      events.next();
      Text kept = assertInstanceOf(Text.class, events.next());
      assertEquals("more", kept.toString());
      events.next();
      assertEquals("more", kept.toString());
      assertEquals('e', kept.charAt(3));
      assertEquals("or", kept.subSequence(1, 3));
    }
  }

  @Test
  void whatTheParserThrowsIsTheCause() {
    Document document = new Document("<a>\n<b></a>");
    try (GeneratorIterator<XmlEvent> events = XmlEvents.of(document, "test:document").iterator()) {
      CoroutineException thrown =
          assertThrows(
              CoroutineException.class,
              () -> {
                while (events.hasNext()) {
                  events.next();
                }
              });
      SAXParseException cause = assertInstanceOf(SAXParseException.class, thrown.getCause());
      assertEquals(2, cause.getLineNumber());
      assertEquals(6, cause.getColumnNumber());
      assertEquals("test:document", cause.getSystemId());
      assertFalse(events.hasNext());
    }
    assertEquals(1, document.closed);
  }

  @Test
  void aMissingFileIsTheCause(@TempDir Path folder) {
    try (GeneratorIterator<XmlEvent> events = XmlEvents.of(folder.resolve("none")).iterator()) {
      CoroutineException thrown = assertThrows(CoroutineException.class, events::hasNext);
      assertInstanceOf(NoSuchFileException.class, thrown.getCause());
    }
  }

  @Test
  void readsNothingButTheDocument(@TempDir Path folder) throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "a secret");
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String url =
          "http://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort();
      String document =
          """
          <!DOCTYPE a SYSTEM "%s/dtd" [
            <!ENTITY %% remoteParameter SYSTEM "%s/parameter">
            %%remoteParameter;
            <!ENTITY remote SYSTEM "%s/entity">
            <!ENTITY local SYSTEM "%s">
          ]><a>&remote;&local;</a>\
          """
              .formatted(url, url, url, secret.toUri());
      List<String> events = strings(events(document));
      assertTrue(events.contains("SkippedEntity[name=remote]"), events::toString);
      assertTrue(events.contains("SkippedEntity[name=local]"), events::toString);
      assertFalse(events.toString().contains("a secret"));
      server.setSoTimeout(100);
      assertThrows(SocketTimeoutException.class, server::accept);
    }
  }

  @Test
  void refusesEntitiesThatExpandWithoutEnd() {
    StringBuilder document = new StringBuilder("<!DOCTYPE a [<!ENTITY e0 'ha'>");
    for (int i = 1; i < 10; i++) {
      document.append("<!ENTITY e%d '%s'>".formatted(i, "&e%d;".formatted(i - 1).repeat(10)));
    }
    Generator<XmlEvent> events = events(document + "]><a>&e9;</a>");
    CoroutineException thrown =
        assertThrows(CoroutineException.class, () -> events.forEach(event -> {}));
    assertInstanceOf(SAXException.class, thrown.getCause());
  }

  /** JDK 24 and later refuse it by default. */
  @Test
  void readsAnyNumberOfReferencesToCharacters() {
    String document = "<a>" + "&amp;".repeat(200_000) + "</a>";
    assertEquals(200_004, events(document).stream().count());
  }
}
