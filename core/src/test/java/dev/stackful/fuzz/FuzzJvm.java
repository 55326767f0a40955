package dev.stackful.fuzz;

import dev.stackful.testing.OwnJvm;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs {@link Fuzz} in a JVM of its own. It tells which program that JVM crashed in; and, where it
 * stands still as a whole, so that it can't tell itself, in which it hangs.
 */
final class FuzzJvm {
  private static final int SLOWNESS = Integer.getInteger("stackful.test.slowness", 1);

  /** Enough for a program that hangs, and for shrinking it. */
  private static final Duration MOST_STILLNESS = Duration.ofMinutes(3).multipliedBy(SLOWNESS);

  /** Enough that virtual threads which wait in native code, pinned, leave carriers to others. */
  static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

  static final String CARRIER_COUNT = "16";

  private static final Duration TO_DUMP = Duration.ofSeconds(5);
  private static final long LOOK_MILLIS = 500;

  private final List<String> flags;
  private final Consumer<String> output;
  private String classPath = System.getProperty("java.class.path");

  /**
   * Prepares to run.
   *
   * @param flags more flags of the JVM
   * @param output takes each line that is printed
   */
  FuzzJvm(List<String> flags, Consumer<String> output) {
    this.flags = flags;
    this.output = output;
  }

  /** Takes the classes of a folder before those of the same name that there are. */
  FuzzJvm withClassesFirst(Path folder) {
    classPath = folder + File.pathSeparator + classPath;
    return this;
  }

  /** Runs programs, and returns whether all did what the model says. */
  boolean run(Subject subject, long from, long count) throws IOException, InterruptedException {
    Path seedFile = Files.createTempFile("stackful-fuzz", ".seed");
    try {
      Files.write(seedFile, new byte[Long.BYTES]);
      List<String> command = new ArrayList<>(List.of(OwnJvm.java()));
      command.add("-D" + CARRIERS + "=" + CARRIER_COUNT);
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("-Dstackful.test.slowness=" + SLOWNESS);
      command.addAll(subject.flags());
      command.addAll(flags);
      command.addAll(List.of("-cp", classPath, Fuzz.class.getName()));
      command.addAll(List.of(subject.commandName(), Long.toString(from), Long.toString(count)));
      command.add(seedFile.toString());
      return run(command, subject, seedFile);
    } finally {
      Files.delete(seedFile);
    }
  }

  private boolean run(List<String> command, Subject subject, Path seedFile)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread reader = Thread.ofPlatform().start(() -> forward(process));
    if (!awaitEnd(process, seedFile)) {
      output.accept("the JVM stands still");
      dumpThreads(process);
      process.destroyForcibly().waitFor();
    }
    reader.join();
    int status = process.exitValue();
    if (status > 1) {
      long seed = seed(seedFile);
      output.accept("the JVM ended with status " + status + " in this program:");
      output.accept(subject.write(seed).toString());
      output.accept("again: " + Fuzz.command(subject, seed, Set.of()));
    }
    return status == 0;
  }

  /** Whether it has ended by itself, and not stood still for too long. */
  private static boolean awaitEnd(Process process, Path seedFile)
      throws IOException, InterruptedException {
    long seed = -1;
    long sinceNanos = System.nanoTime();
    while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      long now = System.nanoTime();
      long seen = seed(seedFile);
      if (seen != seed) {
        seed = seen;
        sinceNanos = now;
      } else if (now - sinceNanos > MOST_STILLNESS.toNanos()) {
        return false;
      }
    }
    return true;
  }

  private static long seed(Path seedFile) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(seedFile)).getLong();
  }

  /** SIGQUIT has a JVM print its threads' stacks, if it is still able to. */
  private static void dumpThreads(Process process) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).start().waitFor();
    process.waitFor(TO_DUMP.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void forward(Process process) {
    try (BufferedReader reader = process.inputReader()) {
      reader.lines().forEach(output);
    } catch (IOException e) {
      output.accept("its output ended with " + e);
    }
  }
}
