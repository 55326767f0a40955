package dev.stackful.observers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** jcmd: thread dumps, heap histograms and heap dumps in a loop. */
public final class Dumps implements Observer {
  private final Path jcmd = Tool.ofJdk("jcmd");
  private long threadDumps;
  private long threadDumpsWithBodies;
  private long histograms;
  private long heapDumps;
  private long heapBytes;

  @Override
  public Optional<String> missing() {
    return Files.isExecutable(jcmd) ? Optional.empty() : Optional.of("there is no jcmd");
  }

  @Override
  public void watch(Process process, Path folder) throws Exception {
    Path output = folder.resolve("jcmd.txt");
    Path dump = folder.resolve("heap.hprof");
    String pid = Long.toString(process.pid());
    while (process.isAlive()) {
      long start = System.nanoTime();
      String threads = Tool.print(output, List.of(jcmd.toString(), pid, "Thread.print", "-l"));
      if (threads.contains("Full thread dump")) {
        threadDumps++;
        if (Bodies.CLASSES.stream()
            .anyMatch(type -> threads.contains("at " + type + "." + Bodies.METHOD + "("))) {
          threadDumpsWithBodies++;
        }
      }
      if (Tool.print(output, List.of(jcmd.toString(), pid, "GC.class_histogram"))
          .contains("java.lang.String")) {
        histograms++;
      }
      if (Tool.print(output, List.of(jcmd.toString(), pid, "GC.heap_dump", dump.toString()))
          .contains("Heap dump file created")) {
        heapDumps++;
        heapBytes += Files.size(dump);
      }
      Files.deleteIfExists(dump);
      Observer.pause(start);
    }
  }

  @Override
  public String seen() {
    return String.format(
        Locale.ROOT,
        "%d thread dumps, %d with bodies; %d histograms; %d heap dumps, %,d MB",
        threadDumps,
        threadDumpsWithBodies,
        histograms,
        heapDumps,
        heapBytes >> 20);
  }

  @Override
  public boolean hasSeen() {
    return threadDumps > 0 && histograms > 0 && heapDumps > 0;
  }

  @Override
  public boolean hasSeenBodies() {
    return hasSeen() && threadDumpsWithBodies > 0;
  }
}
