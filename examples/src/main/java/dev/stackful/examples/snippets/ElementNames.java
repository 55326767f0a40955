package dev.stackful.examples.snippets;

import dev.stackful.Generator;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/** A parser that calls back, turned into a generator. */
public final class ElementNames {
  private ElementNames() {}

  // @start region="element-names"
  static Generator<String> elementNames(Path file) {
    return Generator.of(
        scope ->
            SAXParserFactory.newInstance()
                .newSAXParser()
                .parse(
                    file.toFile(),
                    new DefaultHandler() {
                      @Override
                      public void startElement(
                          String uri, String localName, String name, Attributes attributes) {
                        scope.yield(name);
                      }
                    }));
  }

  // @end

  /**
   * Prints the first elements of a file.
   *
   * @param arguments the file
   */
  public static void main(String[] arguments) {
    Path file = Path.of(arguments[0]);
    // @start region="use"
    try (Stream<String> names = elementNames(file).stream()) {
      names.distinct().limit(5).forEach(System.out::println); // reads no further than it must
    }
    // @end
  }
}
