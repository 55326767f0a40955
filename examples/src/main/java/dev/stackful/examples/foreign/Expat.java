package dev.stackful.examples.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A parser of libexpat, for one document: it is fed buffers, and calls three handlers for what it
 * finds there. {@link ExpatEvents} turns that round.
 */
final class Expat implements AutoCloseable {
  /** {@code void start(void *any, const char *name, const char **attributes)} */
  static final FunctionDescriptor START_DESCRIPTOR =
      FunctionDescriptor.ofVoid(ADDRESS, CLibrary.C_STRING, CLibrary.C_STRINGS);

  /** {@code void end(void *any, const char *name)} */
  static final FunctionDescriptor END_DESCRIPTOR =
      FunctionDescriptor.ofVoid(ADDRESS, CLibrary.C_STRING);

  /** {@code void text(void *any, const char *text, int length)} */
  static final FunctionDescriptor TEXT_DESCRIPTOR =
      FunctionDescriptor.ofVoid(ADDRESS, CLibrary.C_STRING, JAVA_INT);

  /** {@code int XML_Parse(XML_Parser, const char *buffer, int length, int isFinal)} */
  static final FunctionDescriptor PARSE_DESCRIPTOR =
      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT);

  private static final int BUFFER_BYTES = 64 * 1024;

  /** XML_STATUS_ERROR */
  static final int STATUS_ERROR = 0;

  private static final CLibrary LIBRARY = CLibrary.load("libexpat.so.1", "libexpat1");
  private static final MethodHandle CREATE =
      LIBRARY.downcall("XML_ParserCreate", FunctionDescriptor.of(ADDRESS, ADDRESS));
  private static final MethodHandle FREE =
      LIBRARY.downcall("XML_ParserFree", FunctionDescriptor.ofVoid(ADDRESS));
  private static final MethodHandle SET_ELEMENT_HANDLER =
      LIBRARY.downcall(
          "XML_SetElementHandler", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle SET_TEXT_HANDLER =
      LIBRARY.downcall("XML_SetCharacterDataHandler", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));
  private static final MethodHandle PARSE = LIBRARY.downcall("XML_Parse", PARSE_DESCRIPTOR);
  private static final MethodHandle STOP =
      LIBRARY.downcall("XML_StopParser", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_BYTE));
  private static final MethodHandle ERROR_CODE =
      LIBRARY.downcall("XML_GetErrorCode", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle ERROR_STRING =
      LIBRARY.downcall("XML_ErrorString", FunctionDescriptor.of(CLibrary.C_STRING, JAVA_INT));
  private static final MethodHandle LINE =
      LIBRARY.downcall("XML_GetCurrentLineNumber", FunctionDescriptor.of(JAVA_LONG, ADDRESS));

  private final MemorySegment handle;
  private final MemorySegment buffer;
  private final InputStream document;
  private int length;

  /**
   * A parser of a document that nothing was read of yet.
   *
   * @param document closed together with the parser
   * @param arena where the buffer is
   */
  Expat(InputStream document, Arena arena) {
    this.document = document;
    this.buffer = arena.allocate(BUFFER_BYTES);
    try {
      this.handle = (MemorySegment) CREATE.invokeExact(MemorySegment.NULL);
    } catch (Throwable t) {
      throw CLibrary.rethrow(t);
    }
  }

  /** Has the parser call these functions. */
  void setHandlers(MemorySegment start, MemorySegment end, MemorySegment text) {
    try {
      SET_ELEMENT_HANDLER.invokeExact(handle, start, end);
      SET_TEXT_HANDLER.invokeExact(handle, text);
    } catch (Throwable t) {
      throw CLibrary.rethrow(t);
    }
  }

  /**
   * Reads as much as the buffer holds.
   *
   * @return whether there was any; if not, the document has ended
   */
  boolean read() throws IOException {
    byte[] bytes = document.readNBytes(BUFFER_BYTES);
    MemorySegment.copy(bytes, 0, buffer, JAVA_BYTE, 0, bytes.length);
    length = bytes.length;
    return length > 0;
  }

  /** Whether the last read found nothing more. */
  boolean isAtEnd() {
    return length == 0;
  }

  /** The arguments of {@code XML_Parse} for what was read last; no bytes are the end. */
  Object[] parseArguments() {
    return new Object[] {handle, buffer, length, length == 0 ? 1 : 0};
  }

  /** The address of {@code XML_Parse}. */
  static MemorySegment parseFunction() {
    return LIBRARY.address("XML_Parse");
  }

  /** Parses what was read last. */
  int parse() {
    try {
      return (int) PARSE.invokeExact(handle, buffer, length, length == 0 ? 1 : 0);
    } catch (Throwable t) {
      throw CLibrary.rethrow(t);
    }
  }

  /** Throws if {@code XML_Parse} returned an error. */
  void check(int status) {
    try {
      if (status == STATUS_ERROR) {
        MemorySegment message =
            (MemorySegment) ERROR_STRING.invokeExact((int) ERROR_CODE.invokeExact(handle));
        throw new ExpatException(
            Objects.requireNonNullElse(CLibrary.string(message), "no message"),
            (long) LINE.invokeExact(handle));
      }
    } catch (Throwable t) {
      throw CLibrary.rethrow(t);
    }
  }

  /** To be called within a handler: {@code XML_Parse} returns soon, with an error. */
  void stop() {
    try {
      int ignored = (int) STOP.invokeExact(handle, (byte) 0);
    } catch (Throwable t) {
      throw CLibrary.rethrow(t);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      FREE.invokeExact(handle);
    } catch (Throwable t) {
      throw CLibrary.rethrow(t);
    } finally {
      document.close();
    }
  }

  /** What the start handler was called with. */
  static ExpatEvent.StartElement startElement(MemorySegment name, MemorySegment attributes) {
    return new ExpatEvent.StartElement(name.getString(0), attributes(attributes));
  }

  /** Names and values in turn, up to a null pointer. */
  private static Map<String, String> attributes(MemorySegment pointers) {
    String name = CLibrary.string(pointers, 0);
    if (name == null) {
      return Map.of();
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    for (int i = 0; name != null; name = CLibrary.string(pointers, i)) {
      attributes.put(name, Objects.requireNonNull(CLibrary.string(pointers, i + 1)));
      i += 2;
    }
    return Collections.unmodifiableMap(attributes);
  }

  /** What the end handler was called with. */
  static ExpatEvent.EndElement endElement(MemorySegment name) {
    return new ExpatEvent.EndElement(name.getString(0));
  }

  /** What the text handler was called with: Expat's own buffer, and no zero at its end. */
  static ExpatEvent.Text text(MemorySegment text, int length) {
    byte[] bytes = text.asSlice(0, length).toArray(JAVA_BYTE);
    return new ExpatEvent.Text(new String(bytes, StandardCharsets.UTF_8));
  }
}
