package dev.stackful.examples.snippets;

import dev.stackful.io.ByteSink;
import dev.stackful.io.ByteSinkRun;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamReader;

/** A parser that blocks in its reads, fed with chunks as they arrive. */
public final class Chunks {
  private Chunks() {}

  // @start region="sink"
  static final ByteSink<Integer> ELEMENTS =
      ByteSink.of(
          in -> {
            XMLStreamReader xml =
                XMLInputFactory.newFactory().createXMLStreamReader(new GZIPInputStream(in));
            int elements = 0;
            while (xml.hasNext()) {
              if (xml.next() == XMLStreamReader.START_ELEMENT) {
                elements++;
              }
            }
            return elements;
          });

  // @end

  static int count(List<byte[]> arriving) throws IOException {
    // @start region="use"
    try (ByteSinkRun<Integer> run = ELEMENTS.open()) {
      for (byte[] chunk : arriving) {
        run.stream().write(chunk); // the parser goes on, as far as the bytes have come
      }
      return run.finish();
    }
    // @end
  }

  /** Bytes in pieces of a size that nobody chose. */
  static List<byte[]> chunks(byte[] bytes, int size) {
    return IntStream.iterate(0, at -> at < bytes.length, at -> at + size)
        .mapToObj(at -> Arrays.copyOfRange(bytes, at, Math.min(at + size, bytes.length)))
        .toList();
  }
}
