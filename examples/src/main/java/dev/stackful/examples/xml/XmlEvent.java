package dev.stackful.examples.xml;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One event of an XML document: one call of SAX's {@link org.xml.sax.ContentHandler}. */
public sealed interface XmlEvent {
  /** The document begins. */
  record StartDocument() implements XmlEvent {}

  /** The document has ended. */
  record EndDocument() implements XmlEvent {}

  /**
   * An element begins.
   *
   * @param name as it is written, with its prefix
   * @param attributes by name, in the parser's order; declarations of namespaces are among them
   */
  record StartElement(String name, Map<String, String> attributes) implements XmlEvent {}

  /**
   * An element has ended.
   *
   * @param name as it is written, with its prefix
   */
  record EndElement(String name) implements XmlEvent {}

  /**
   * A processing instruction.
   *
   * @param target the word that it begins with
   * @param data what follows it
   */
  record ProcessingInstruction(String target, String data) implements XmlEvent {}

  /**
   * A reference to an entity that the parser has not read, such as one in another file.
   *
   * @param name the entity's
   */
  record SkippedEntity(String name) implements XmlEvent {}

  /**
   * Some of the text of an element. The parser may split a text anywhere, and begins a new one at
   * each reference to an entity.
   *
   * <p>It shows the parser's own buffer, and copies nothing before {@link #toString()} is called.
   * While the parser is suspended the buffer stays as it is. When the next event is pulled the
   * parser goes on, and a text whose {@code toString()} has not been called by then is lost: its
   * methods throw {@link IllegalStateException}.
   */
  final class Text implements XmlEvent, CharSequence {
    private char @Nullable [] buffer;
    private final int start;
    private final int length;
    private final boolean ignorable;
    private @Nullable String copy;

    Text(char[] buffer, int start, int length, boolean ignorable) {
      this.buffer = buffer;
      this.start = start;
      this.length = length;
      this.ignorable = ignorable;
    }

    /** The parser takes its buffer back. */
    void release() {
      buffer = null;
    }

    /**
     * {@return whether this is white space where the document's DTD allows elements only}
     *
     * @see org.xml.sax.ContentHandler#ignorableWhitespace
     */
    public boolean isIgnorable() {
      return ignorable;
    }

    /** {@return whether there is white space only} */
    public boolean isBlank() {
      return chars().allMatch(Character::isWhitespace);
    }

    @Override
    public int length() {
      return length;
    }

    @Override
    public char charAt(int index) {
      if (index < 0 || index >= length) {
        throw new IndexOutOfBoundsException(index);
      }
      return copy != null ? copy.charAt(index) : buffer()[start + index];
    }

    @Override
    public CharSequence subSequence(int from, int to) {
      return toString().substring(from, to);
    }

    /** {@return a copy that stays} */
    @Override
    public String toString() {
      if (copy == null) {
        copy = new String(buffer(), start, length);
      }
      return copy;
    }

    private char[] buffer() {
      if (buffer == null) {
        throw new IllegalStateException(
            "the parser has gone on, and its buffer holds other text now: call toString() before"
                + " the next event is pulled");
      }
      return buffer;
    }
  }
}
