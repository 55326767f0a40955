package dev.stackful.internal.os;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** This process's mappings, from /proc/self/maps (proc_pid_maps(5)). */
public final class ProcessMaps {
  private static final Path MAPS = Path.of("/proc/self/maps");

  private static final int MOST_READINGS = 20;

  private ProcessMaps() {}

  /**
   * How many mappings the process has; the kernel allows vm.max_map_count. Empty where the file
   * can't be read, as where no file descriptor is left.
   */
  public static OptionalLong count() {
    // Of the ways to read a file, the one that loads the fewest classes.
    try (FileInputStream maps = new FileInputStream(MAPS.toString())) {
      byte[] some = new byte[8192];
      long lines = 0;
      for (int length = maps.read(some); length >= 0; length = maps.read(some)) {
        for (int i = 0; i < length; i++) {
          lines += some[i] == '\n' ? 1 : 0;
        }
      }
      return OptionalLong.of(lines);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /** Addresses from {@code start} to below {@code end}. */
  public record Range(long start, long end) {
    /** Whether an address lies in it. */
    public boolean contains(long address) {
      return Long.compareUnsigned(start, address) <= 0 && Long.compareUnsigned(address, end) < 0;
    }
  }

  /**
   * The ranges of anonymous memory that is writable and executable at once, each with what is
   * reserved beside it: such as HotSpot's code cache. Empty where the file can't be read.
   *
   * <p>The kernel makes the file up while it is read, so that memory which changes from reserved to
   * used meanwhile can be missing. It is read until it says the same twice.
   */
  public static List<Range> writableCode() {
    List<Range> ranges = readWritableCode();
    for (int i = 0; i < MOST_READINGS; i++) {
      List<Range> again = readWritableCode();
      if (again.equals(ranges)) {
        break;
      }
      ranges = again;
    }
    return ranges;
  }

  private static List<Range> readWritableCode() {
    List<Range> ranges = new ArrayList<>();
    try (Stream<String> lines = Files.lines(MAPS)) {
      Range run = null;
      boolean code = false;
      for (String line : (Iterable<String>) lines::iterator) {
        // start-end permissions offset device inode [path]
        String[] parts = line.split("\\s+", 6);
        boolean anonymous = parts.length < 6 || parts[5].isEmpty();
        boolean candidate = anonymous && (parts[1].equals("rwxp") || parts[1].equals("---p"));
        Range range = range(line);
        if (run != null && candidate && range.start == run.end) {
          run = new Range(run.start, range.end);
        } else {
          if (run != null && code) {
            ranges.add(run);
          }
          run = candidate ? range : null;
          code = false;
        }
        code |= parts[1].equals("rwxp");
      }
      if (run != null && code) {
        ranges.add(run);
      }
      return ranges;
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  private static Range range(String line) {
    int dash = line.indexOf('-');
    int space = line.indexOf(' ');
    return new Range(
        Long.parseUnsignedLong(line, 0, dash, 16),
        Long.parseUnsignedLong(line, dash + 1, space, 16));
  }
}
