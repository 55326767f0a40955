package dev.stackful.examples.snippets;

import dev.stackful.io.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** A library that writes, where another wants to read. */
public final class Zipped {
  private Zipped() {}

  // @start region="source"
  static ByteSource zipOf(Iterable<Path> files) {
    return ByteSource.of(
        out -> {
          try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Path file : files) {
              zip.putNextEntry(new ZipEntry(file.getFileName().toString()));
              Files.copy(file, zip);
            }
          }
        });
  }

  // @end

  /** What takes an InputStream, and nothing else. */
  private static void upload(InputStream in) throws IOException {
    ZipInputStream zip = new ZipInputStream(in);
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      String text = new String(zip.readAllBytes(), StandardCharsets.UTF_8);
      System.out.println(entry.getName() + ": " + text);
    }
  }

  /**
   * Zips files while they are read.
   *
   * @param arguments the files
   * @throws IOException if one can't be read
   */
  public static void main(String[] arguments) throws IOException {
    Iterable<Path> files = Arrays.stream(arguments).map(Path::of).toList();
    // @start region="use"
    try (InputStream in = zipOf(files).openStream()) {
      upload(in); // each read runs the ZipOutputStream a bit further
    }
    // @end
  }
}
