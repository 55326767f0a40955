package dev.stackful.examples.xml;

import dev.stackful.examples.xml.XmlEvent.EndDocument;
import dev.stackful.examples.xml.XmlEvent.EndElement;
import dev.stackful.examples.xml.XmlEvent.ProcessingInstruction;
import dev.stackful.examples.xml.XmlEvent.SkippedEntity;
import dev.stackful.examples.xml.XmlEvent.StartDocument;
import dev.stackful.examples.xml.XmlEvent.StartElement;
import dev.stackful.examples.xml.XmlEvent.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.xml.parsers.ParserConfigurationException;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** How many events there are of each kind. */
public final class EventCounts {
  private final SortedMap<Class<? extends XmlEvent>, Long> counts =
      new TreeMap<>(Comparator.comparing(Class::getSimpleName));

  /** Nothing counted yet. */
  public EventCounts() {}

  /**
   * Counts the events of a file as plain SAX does, without a coroutine: to compare with.
   *
   * @param file an XML file
   * @return its counts
   * @throws SAXException if the file is malformed
   * @throws IOException if it can't be read
   * @throws ParserConfigurationException never, with the JDK's parser
   */
  public static EventCounts pushed(Path file)
      throws SAXException, IOException, ParserConfigurationException {
    EventCounts counts = new EventCounts();
    XmlEvents.parse(
        () -> Files.newInputStream(file), file.toUri().toString(), new CountingHandler(counts));
    return counts;
  }

  /**
   * Counts an event.
   *
   * @param event any
   */
  public void add(XmlEvent event) {
    add(event.getClass());
  }

  private void add(Class<? extends XmlEvent> kind) {
    counts.merge(kind, 1L, Long::sum);
  }

  /** {@return how many events were counted} */
  public long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EventCounts that && counts.equals(that.counts);
  }

  @Override
  public int hashCode() {
    return counts.hashCode();
  }

  /** A line for each kind. */
  @Override
  public String toString() {
    StringBuilder lines = new StringBuilder();
    counts.forEach(
        (kind, count) -> lines.append("%12d %s%n".formatted(count, kind.getSimpleName())));
    return lines.toString();
  }

  private static final class CountingHandler extends DefaultHandler {
    private final EventCounts counts;

    CountingHandler(EventCounts counts) {
      this.counts = counts;
    }

    @Override
    public void startDocument() {
      counts.add(StartDocument.class);
    }

    @Override
    public void endDocument() {
      counts.add(EndDocument.class);
    }

    @Override
    public void startElement(String uri, String localName, String name, Attributes attributes) {
      counts.add(StartElement.class);
    }

    @Override
    public void endElement(String uri, String localName, String name) {
      counts.add(EndElement.class);
    }

    @Override
    public void characters(char[] buffer, int start, int length) {
      counts.add(Text.class);
    }

    @Override
    public void ignorableWhitespace(char[] buffer, int start, int length) {
      counts.add(Text.class);
    }

    @Override
    public void processingInstruction(String target, String data) {
      counts.add(ProcessingInstruction.class);
    }

    @Override
    public void skippedEntity(String name) {
      counts.add(SkippedEntity.class);
    }
  }
}
