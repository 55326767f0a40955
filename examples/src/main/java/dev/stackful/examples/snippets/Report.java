package dev.stackful.examples.snippets;

import dev.stackful.io.CharSink;
import dev.stackful.io.CharSinkRun;
import dev.stackful.io.CharSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.util.Properties;

/** A report that is printed where a reader is wanted, and properties that are read as they come. */
public final class Report {
  private Report() {}

  // @start region="source"
  static CharSource squares(int count) {
    return CharSource.of(
        out -> {
          PrintWriter print = new PrintWriter(out);
          for (int i = 1; i <= count; i++) {
            print.printf("%d squared is %d%n", i, i * i);
          }
          print.flush();
        });
  }

  // @end

  // @start region="sink"
  static final CharSink<Properties> PROPERTIES =
      CharSink.of(
          in -> {
            Properties properties = new Properties();
            properties.load(in);
            return properties;
          });

  // @end

  /**
   * Reads the one and writes the other.
   *
   * @param arguments none
   * @throws IOException never
   */
  public static void main(String[] arguments) throws IOException {
    try (Reader in = squares(1_000_000).openReader()) {
      System.out.println(new BufferedReader(in).readLine()); // 1 squared is 1
    }
    try (CharSinkRun<Properties> run = PROPERTIES.open()) {
      run.writer().write("colour=bl");
      run.writer().write("ue\n");
      System.out.println(run.finish()); // {colour=blue}
    }
  }
}
