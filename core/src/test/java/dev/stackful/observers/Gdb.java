package dev.stackful.observers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** gdb, which attaches, walks the stacks of all kernel threads, and detaches, in a loop. */
public final class Gdb implements Observer {
  private static final Path GDB = Path.of("/usr/bin/gdb");

  private long attached;
  private long refused;
  private long threads;

  @Override
  public Optional<String> missing() {
    return Files.isExecutable(GDB) ? Optional.empty() : Optional.of("there is no gdb");
  }

  @Override
  public void watch(Process process, Path folder) throws Exception {
    Path output = folder.resolve("gdb-attached.txt");
    List<String> command =
        List.of(
            GDB.toString(),
            "-p",
            Long.toString(process.pid()),
            "-batch",
            "-nx",
            "-iex",
            "set debuginfod enabled off",
            "-iex",
            "set auto-load off",
            "-ex",
            "thread apply all bt 4");
    while (process.isAlive()) {
      long start = System.nanoTime();
      String text = Tool.print(output, command);
      if (text.contains("Operation not permitted")) {
        refused++;
        return;
      }
      long found = text.lines().filter(line -> line.startsWith("Thread ")).count();
      if (found > 0 && text.contains("detached]")) {
        attached++;
        threads += found;
      }
      Observer.pause(start);
    }
  }

  @Override
  public String seen() {
    return refused > 0
        ? "ptrace is not permitted here"
        : String.format(Locale.ROOT, "attached %d times, %,d threads", attached, threads);
  }

  @Override
  public boolean hasSeen() {
    return attached > 0 || refused > 0;
  }
}
