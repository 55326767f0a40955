package dev.stackful.examples.foreign;

import java.util.Map;

/** One call of one of Expat's handlers. */
public sealed interface ExpatEvent {
  /**
   * An element begins.
   *
   * @param name as it is written, with its prefix
   * @param attributes by name, in the document's order
   */
  record StartElement(String name, Map<String, String> attributes) implements ExpatEvent {}

  /**
   * An element has ended.
   *
   * @param name as it is written, with its prefix
   */
  record EndElement(String name) implements ExpatEvent {}

  /**
   * Some of the text of an element: Expat splits it at line ends, at references, and where one
   * buffer ends and the next begins.
   *
   * @param text never empty
   */
  record Text(String text) implements ExpatEvent {}
}
