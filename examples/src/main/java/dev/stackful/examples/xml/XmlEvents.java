package dev.stackful.examples.xml;

import dev.stackful.Generator;
import dev.stackful.GeneratorScope;
import dev.stackful.examples.xml.XmlEvent.EndDocument;
import dev.stackful.examples.xml.XmlEvent.EndElement;
import dev.stackful.examples.xml.XmlEvent.ProcessingInstruction;
import dev.stackful.examples.xml.XmlEvent.SkippedEntity;
import dev.stackful.examples.xml.XmlEvent.StartDocument;
import dev.stackful.examples.xml.XmlEvent.StartElement;
import dev.stackful.examples.xml.XmlEvent.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParser;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * The events of an XML document, pulled one by one out of the JDK's SAX parser, which pushes them.
 * The parser is as it always was: it runs in a coroutine, and its handler yields.
 *
 * <p>(The JDK has a pull parser too, {@code javax.xml.stream}. The point is that nobody had to
 * write this one: any code that calls back can be turned round in this way.)
 */
public final class XmlEvents {
  /**
   * The most characters that entities may stand for in one document: the JDK's limit up to 23. From
   * 24 on it is 100,000, and as the parser counts the predefined entities too, {@code amp} and the
   * like, large documents reach it that declare no entity at all. The limit on how many declared
   * entities are expanded, 2,500, stays.
   */
  private static final String MOST_ENTITY_CHARACTERS = "50000000";

  /** Where a document comes from; opened anew by each run. */
  @FunctionalInterface
  public interface Source {
    /**
     * Opens the document. Whoever pulls the events closes it, by taking them to the end or by
     * closing the iterator.
     *
     * @return the document's bytes
     * @throws IOException if it can't be opened
     */
    InputStream open() throws IOException;
  }

  private XmlEvents() {}

  /**
   * The events of a file, which is open from the first event to the last, or until the iterator is
   * closed. What the parser and the file throw, {@link SAXException} and {@link IOException}, comes
   * out as the cause of a {@link dev.stackful.CoroutineException}.
   *
   * @param file an XML file
   * @return its events, each time it is iterated
   */
  public static Generator<XmlEvent> of(Path file) {
    return of(() -> Files.newInputStream(file), file.toUri().toString());
  }

  /**
   * The events of a document.
   *
   * @param source opens it
   * @param systemId its URI, for the exceptions to name
   * @return its events, each time it is iterated
   */
  public static Generator<XmlEvent> of(Source source, String systemId) {
    return Generator.of(scope -> parse(source, systemId, new YieldingHandler(scope)));
  }

  /**
   * The ordinary way: parses a document and has the parser call a handler.
   *
   * <p>Nothing but the document is read: external DTDs are ignored and external entities skipped,
   * so that a document can't make the parser open files or connections. The JDK's limits for
   * documents from strangers apply ({@link XMLConstants#FEATURE_SECURE_PROCESSING}): a system
   * property such as {@code jdk.xml.maxElementDepth} raises one.
   *
   * @param source opens the document
   * @param systemId its URI, for the exceptions to name
   * @param handler what the parser calls
   * @throws SAXException if the document is malformed
   * @throws IOException if it can't be read
   * @throws ParserConfigurationException never, with the JDK's parser
   */
  public static void parse(Source source, String systemId, DefaultHandler handler)
      throws SAXException, IOException, ParserConfigurationException {
    SAXParserFactory factory = SAXParserFactory.newDefaultInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
    factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
    try (InputStream in = source.open()) {
      InputSource input = new InputSource(in);
      input.setSystemId(systemId);
      SAXParser parser = factory.newSAXParser();
      parser.setProperty("jdk.xml.maxGeneralEntitySizeLimit", MOST_ENTITY_CHARACTERS);
      parser.setProperty("jdk.xml.totalEntitySizeLimit", MOST_ENTITY_CHARACTERS);
      parser.parse(input, handler);
    }
  }

  /** Each call of the parser becomes an event, and lasts until the next one is pulled. */
  private static final class YieldingHandler extends DefaultHandler {
    private final GeneratorScope<XmlEvent> scope;

    YieldingHandler(GeneratorScope<XmlEvent> scope) {
      this.scope = scope;
    }

    @Override
    public void startDocument() {
      scope.yield(new StartDocument());
    }

    @Override
    public void endDocument() {
      scope.yield(new EndDocument());
    }

    @Override
    public void startElement(String uri, String localName, String name, Attributes attributes) {
      scope.yield(new StartElement(name, copy(attributes)));
    }

    @Override
    public void endElement(String uri, String localName, String name) {
      scope.yield(new EndElement(name));
    }

    @Override
    public void characters(char[] buffer, int start, int length) {
      lend(new Text(buffer, start, length, /* ignorable= */ false));
    }

    @Override
    public void ignorableWhitespace(char[] buffer, int start, int length) {
      lend(new Text(buffer, start, length, /* ignorable= */ true));
    }

    @Override
    public void processingInstruction(String target, String data) {
      scope.yield(new ProcessingInstruction(target, data));
    }

    @Override
    public void skippedEntity(String name) {
      scope.yield(new SkippedEntity(name));
    }

    private void lend(Text text) {
      try {
        scope.yield(text);
      } finally {
        text.release();
      }
    }

    /** The parser uses one object for the attributes of all elements. */
    private static Map<String, String> copy(Attributes attributes) {
      if (attributes.getLength() == 0) {
        return Map.of();
      }
      Map<String, String> copy = LinkedHashMap.newLinkedHashMap(attributes.getLength());
      for (int i = 0; i < attributes.getLength(); i++) {
        copy.put(attributes.getQName(i), attributes.getValue(i));
      }
      return Collections.unmodifiableMap(copy);
    }
  }
}
