package dev.stackful.torture;

import dev.stackful.io.ByteSink;
import dev.stackful.io.ByteSinkRun;
import dev.stackful.io.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Bytes that are written are zipped, read, pushed on, unzipped, and checked, in memory that doesn't
 * depend on how many they are.
 *
 * <p>Arguments: how many MiB.
 */
public final class StreamsInASmallHeap {
  private static final int MIB = 1024 * 1024;

  private StreamsInASmallHeap() {}

  public static void main(String[] arguments) throws IOException {
    int mib = Integer.parseInt(arguments[0]);
    byte[] block = new byte[MIB];
    new Random(1).nextBytes(block);
    CRC32 written = new CRC32();
    ByteSource zipped =
        ByteSource.of(
            out -> {
              try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
                for (int i = 0; i < mib; i++) {
                  block[0] = (byte) i;
                  written.update(block);
                  zip.write(block);
                }
              }
            });
    ByteSink<CRC32> unzipped =
        ByteSink.of(
            in -> {
              CRC32 read = new CRC32();
              byte[] part = new byte[5000];
              GZIPInputStream unzip = new GZIPInputStream(in);
              for (int n = unzip.read(part); n >= 0; n = unzip.read(part)) {
                read.update(part, 0, n);
              }
              return read;
            });
    try (InputStream in = zipped.openStream();
        ByteSinkRun<CRC32> run = unzipped.open()) {
      in.transferTo(run.stream());
      boolean same = run.finish().getValue() == written.getValue();
      System.out.println(mib + " MiB, " + (same ? "the same" : "not the same"));
    }
  }
}
