package dev.stackful.observers;

import dev.stackful.testing.CompiledC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The way in of sampling profilers: AsyncGetCallTrace, called in the handler of a timer's signal,
 * by an agent in C ({@code call_traces.c}).
 */
public final class CallTraces implements Observer {
  /** What has the signals sent. */
  public enum Timer {
    /** One timer of the process's processor time. The kernel chooses a thread that runs. */
    PROCESS,

    /** One timer for each thread's own processor time. */
    THREADS
  }

  private final Timer timer;
  private final int signal;

  /** By AsyncGetCallTrace's result: 1 for a trace, zero and below for the reasons why none. */
  private final Map<Integer, Long> results = new TreeMap<>();

  private long inBodies;

  /**
   * Has seen nothing yet.
   *
   * @param signal the signal's number, which nothing else in the JVM may use
   */
  public CallTraces(Timer timer, int signal) {
    this.timer = timer;
    this.signal = signal;
  }

  @Override
  public Optional<String> missing() {
    return CompiledC.canCompile() ? Optional.empty() : Optional.of("there is no C compiler");
  }

  @Override
  public List<String> flags(Path folder) throws IOException {
    Path library = folder.resolve("call_traces.so");
    Path include = Path.of(System.getProperty("java.home"), "include");
    CompiledC.compile(
        "call_traces.c", library, "-I" + include, "-I" + include.resolve("linux"), "-pthread");
    return List.of(
        "-agentpath:%s=%s,%d,%s"
            .formatted(
                library,
                timer.name().toLowerCase(Locale.ROOT),
                signal,
                folder.resolve("traces.txt")));
  }

  @Override
  public void collect(Path folder) throws IOException {
    Path file = folder.resolve("traces.txt");
    if (!Files.exists(file)) {
      return; // the JVM was halted
    }
    for (String line : Files.readAllLines(file)) {
      int[] numbers = Arrays.stream(line.split(" ")).mapToInt(Integer::parseInt).toArray();
      inBodies += numbers[0];
      for (int i = 1; i < numbers.length; i++) {
        if (numbers[i] > 0) {
          results.merge(2 - i, (long) numbers[i], Long::sum);
        }
      }
    }
    Files.delete(file);
  }

  private long traces() {
    return results.getOrDefault(1, 0L);
  }

  @Override
  public String seen() {
    String others =
        results.entrySet().stream()
            .filter(entry -> entry.getKey() < 1)
            .map(entry -> String.format(Locale.ROOT, "%d: %,d", entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT, "%,d traces, %,d in bodies; without one %s", traces(), inBodies, others);
  }

  @Override
  public boolean hasSeen() {
    return traces() > 0;
  }

  @Override
  public boolean hasSeenBodies() {
    return inBodies > 0;
  }
}
