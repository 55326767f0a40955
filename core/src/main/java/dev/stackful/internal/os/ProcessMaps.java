package dev.stackful.internal.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** This process's mappings, from /proc/self/maps (proc_pid_maps(5)). */
public final class ProcessMaps {
  private static final Path MAPS = Path.of("/proc/self/maps");

  private ProcessMaps() {}

  /** The file mapped at an address, if a file is. */
  static Optional<String> fileAt(long address) {
    try (Stream<String> lines = Files.lines(MAPS)) {
      return lines.filter(line -> contains(line, address)).findFirst().flatMap(ProcessMaps::file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + MAPS, e);
    }
  }

  /**
   * How many mappings the process has; the kernel allows vm.max_map_count. Empty where the file
   * can't be read, as where no file descriptor is left.
   */
  public static OptionalLong count() {
    try (Stream<String> lines = Files.lines(MAPS)) {
      return OptionalLong.of(lines.count());
    } catch (IOException | UncheckedIOException e) {
      return OptionalLong.empty();
    }
  }

  private static boolean contains(String line, long address) {
    int dash = line.indexOf('-');
    int space = line.indexOf(' ');
    long start = Long.parseUnsignedLong(line, 0, dash, 16);
    long end = Long.parseUnsignedLong(line, dash + 1, space, 16);
    return Long.compareUnsigned(start, address) <= 0 && Long.compareUnsigned(address, end) < 0;
  }

  private static Optional<String> file(String line) {
    int slash = line.indexOf('/');
    return slash < 0 ? Optional.empty() : Optional.of(line.substring(slash));
  }
}
