package dev.stackful.examples;

import dev.stackful.io.ByteSink;
import dev.stackful.io.ByteSinkRun;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Commons CSV, which pulls from a {@code Reader}, fed by the callbacks of an asynchronous read: the
 * totals of a file's second column for each value of its first. Rows, quoted line breaks and
 * characters of several bytes go across the pieces as they like.
 */
public final class CsvTotals {
  /** The parser, as one would write it for a file. */
  static final ByteSink<Map<String, Long>> TOTALS =
      ByteSink.of(
          in -> {
            Map<String, Long> totals = new TreeMap<>();
            CSVFormat format =
                CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
            try (CSVParser rows =
                CSVParser.parse(new InputStreamReader(in, StandardCharsets.UTF_8), format)) {
              for (CSVRecord row : rows) {
                totals.merge(row.get(0), Long.parseLong(row.get(1).strip()), Long::sum);
              }
            }
            return totals;
          });

  private CsvTotals() {}

  /**
   * Reads a file, a piece at a time.
   *
   * @param file in CSV, with a header
   * @param pieceBytes how much to read at a time
   * @return the totals, once all is read; nobody waits for them here
   * @throws IOException if the file can't be opened
   */
  public static CompletableFuture<Map<String, Long>> totals(Path file, int pieceBytes)
      throws IOException {
    AsynchronousFileChannel channel = AsynchronousFileChannel.open(file);
    ByteSinkRun<Map<String, Long>> parser = TOTALS.open();
    CompletableFuture<Map<String, Long>> result = new CompletableFuture<>();
    ByteBuffer piece = ByteBuffer.allocate(pieceBytes);
    channel.read(
        piece,
        0,
        0L,
        new CompletionHandler<Integer, Long>() {
          @Override
          public void completed(Integer count, Long position) {
            try {
              if (count < 0) {
                result.complete(parser.finish());
                channel.close();
                return;
              }
              parser.channel().write(piece.flip());
              channel.read(piece.clear(), position + count, position + count, this);
            } catch (Throwable t) { // by the parser, too; whoever called this handler hears nothing
              failed(t, position);
            }
          }

          @Override
          public void failed(Throwable thrown, Long position) {
            result.completeExceptionally(thrown);
            try (channel) {
              parser.close();
            } catch (IOException e) {
              thrown.addSuppressed(e);
            }
          }
        });
    return result;
  }

  /**
   * Prints a file's totals.
   *
   * @param arguments the file
   */
  public static void main(String[] arguments) {
    if (arguments.length != 1) {
      System.err.println("usage: CsvTotals FILE");
      System.exit(2);
    }
    try {
      totals(Path.of(arguments[0]), 8192)
          .join()
          .forEach((key, total) -> System.out.println(key + " " + total));
    } catch (NoSuchFileException e) {
      fail(arguments[0] + ": no such file");
    } catch (IOException e) {
      fail(arguments[0] + ": " + e.getMessage());
    } catch (CompletionException e) {
      String what =
          e.getCause() instanceof IOException
              ? ""
              : "a row has no whole number in its second column: ";
      fail(arguments[0] + ": " + what + e.getCause().getMessage());
    }
  }

  @SuppressWarnings("SystemExitOutsideMain")
  private static void fail(String message) {
    System.err.println(message);
    System.exit(1);
  }
}
