package dev.stackful.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the process has, or a coroutine takes. */
record Cost(long heapBytes, long residentBytes, double mappings, double kernelThreads) {
  static Cost now() throws IOException {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return new Cost(
        runtime.totalMemory() - runtime.freeMemory(),
        readResidentBytes(),
        countMappings(),
        Check.kernelThreads());
  }

  private static long readResidentBytes() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      String line = lines.filter(l -> l.startsWith("VmRSS:")).findFirst().orElseThrow();
      return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
    }
  }

  private static long countMappings() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.count();
    }
  }

  Cost minus(Cost other) {
    return new Cost(
        heapBytes - other.heapBytes,
        residentBytes - other.residentBytes,
        mappings - other.mappings,
        kernelThreads - other.kernelThreads);
  }

  Cost dividedBy(int count) {
    return new Cost(
        heapBytes / count, residentBytes / count, mappings / count, kernelThreads / count);
  }

  @Override
  public String toString() {
    return String.format(
        "%d bytes of heap, %d bytes resident, %.2f mappings, %.2f kernel threads",
        heapBytes, residentBytes, mappings, kernelThreads);
  }
}
