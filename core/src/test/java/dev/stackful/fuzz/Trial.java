package dev.stackful.fuzz;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.stackful.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs programs on an engine and holds what they do against the model. A program that hangs is left
 * behind, with the threads that it has.
 */
final class Trial {
  private static final int SLOWNESS = Integer.getInteger("stackful.test.slowness", 1);

  private final Subject subject;
  private Workers workers = new Workers();
  private Runner runner = new Runner();

  Trial(Subject subject) {
    this.subject = subject;
  }

  /**
   * How a run differed from the model.
   *
   * @param line of the first difference, from 0
   * @param expected what the model says there, or that it says nothing more
   * @param actual what the engine did
   * @param hang a dump of all threads, if it was still running
   */
  record Difference(
      Engine engine, int line, String expected, String actual, @Nullable String hang) {
    String shortly() {
      return "%s: %s, not %s".formatted(engine, actual, expected);
    }
  }

  /** Runs a program, and says how it differed; null if it didn't. */
  @Nullable Difference run(Program program, Engine engine, Duration limit) {
    Run run = new Run(program, engine);
    workers.reset();
    String dump = null;
    if (!runner.run(run, limit.multipliedBy(SLOWNESS))) {
      dump = dumpThreads();
      workers.close();
      workers = new Workers();
      runner = new Runner();
    }
    List<String> expected = subject.expected(program, run.log).lines();
    return compare(engine, expected, run.lines(), dump);
  }

  private static @Nullable Difference compare(
      Engine engine, List<String> expected, List<String> actual, @Nullable String dump) {
    int line = 0;
    while (line < expected.size()
        && line < actual.size()
        && expected.get(line).equals(actual.get(line))) {
      line++;
    }
    if (dump == null && line == expected.size() && line == actual.size()) {
      return null;
    }
    return new Difference(
        engine,
        line,
        line < expected.size() ? expected.get(line) : "the end",
        line < actual.size() ? actual.get(line) : dump == null ? "the end" : "hangs",
        dump);
  }

  /** All threads, virtual ones too. */
  private static String dumpThreads() {
    try {
      Path folder = Files.createTempDirectory("stackful-fuzz");
      Path file = folder.resolve("threads.txt");
      try {
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
            .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
        return Files.readString(file);
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Run {
    private final Program program;
    private final Engine engine;
    private final Workers threads = workers;
    private final Log log = new Log();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Throwable failure;

    Run(Program program, Engine engine) {
      this.program = program;
      this.engine = engine;
    }

    void run() {
      try {
        subject.run(program, engine, threads, log);
      } catch (Throwable t) {
        failure = t; // the log says too little then: that is what will differ
      } finally {
        ended.countDown();
      }
    }

    List<String> lines() {
      List<String> lines = new ArrayList<>(log.lines());
      Throwable thrown = failure;
      if (thrown != null) {
        lines.add("the run failed with " + thrown);
      }
      return lines;
    }
  }

  /** The thread that programs run on: many of them, one after the other. */
  private static final class Runner {
    private final SynchronousQueue<Run> next = new SynchronousQueue<>();

    Runner() {
      Thread.ofPlatform().daemon().name("fuzz-main").start(this::work);
    }

    private void work() {
      while (true) {
        Thread.interrupted();
        try {
          next.take().run();
        } catch (InterruptedException e) {
          // by the program before
        }
      }
    }

    /** Whether it has come to its end, and has logged something within each limit. */
    boolean run(Run run, Duration limit) {
      try {
        next.put(run);
        int seen = -1;
        while (run.log.lines().size() != seen) {
          seen = run.log.lines().size();
          if (run.ended.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            return true;
          }
        }
        return false;
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted", e);
      }
    }
  }
}
