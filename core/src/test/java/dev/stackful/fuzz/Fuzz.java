package dev.stackful.fuzz;

import dev.stackful.Engine;
import dev.stackful.fuzz.Trial.Difference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs random programs of one subject in this JVM, and stops at the first that differs from the
 * model. The arguments are the subject, the first seed, the number of programs, and the file in
 * which the seed stands that is being tried, for whoever finds this JVM crashed.
 */
public final class Fuzz {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** A program that hung once is not waited for so long again. */
  private static final Duration SHORT_LIMIT = Duration.ofSeconds(5);

  private static final Duration SHRINKING = Duration.ofSeconds(60);
  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(10);

  /** How often a program that failed is tried again, if it doesn't always fail. */
  private static final int TRIES = 20;

  /** Says that all programs which fail are to be listed, instead of looking into the first. */
  static final String KEEP_GOING_PROPERTY = "stackful.fuzz.keepGoing";

  /** Says, by false, that the program which fails isn't to be made shorter. */
  static final String SHRINK_PROPERTY = "stackful.fuzz.shrink";

  private static final boolean KEEP_GOING = Boolean.getBoolean(KEEP_GOING_PROPERTY);

  private final Subject subject;
  private final Trial trial;
  private final List<Engine> engines = Engines.available();

  private Fuzz(Subject subject) {
    this.subject = subject;
    this.trial = new Trial(subject);
  }

  /** Runs them. */
  @SuppressWarnings("SystemExitOutsideMain")
  public static void main(String[] arguments) throws IOException {
    Fuzz fuzz = new Fuzz(Subject.named(arguments[0]));
    long from = Long.parseLong(arguments[1]);
    long count = Long.parseLong(arguments[2]);
    System.exit(fuzz.run(from, count, Path.of(arguments[3])) ? 0 : 1);
  }

  /** Whether all programs did what the model says. */
  private boolean run(long from, long count, Path seedFile) throws IOException {
    ByteBuffer at;
    try (FileChannel file =
        FileChannel.open(seedFile, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      at = file.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
    }
    long failed = 0;
    long next = System.nanoTime() + BETWEEN_REPORTS.toNanos();
    for (long seed = from; seed < from + count; seed++) {
      at.putLong(0, seed);
      Difference difference = firstDifference(subject.write(seed));
      if (difference != null && KEEP_GOING) {
        System.out.printf("seed %d: %s%n", seed, difference.shortly());
        failed++;
      } else if (difference != null) {
        report(seed, difference);
        return false;
      }
      if (System.nanoTime() - next > 0) {
        System.out.printf("%s: %d of %d programs%n", subject.commandName(), seed - from + 1, count);
        next = System.nanoTime() + BETWEEN_REPORTS.toNanos();
      }
    }
    System.out.printf(
        "%s: %d programs on %s: %s%n",
        subject.commandName(),
        count,
        engines,
        failed == 0 ? "all do what the model does" : failed + " differ from the model");
    return failed == 0;
  }

  private @Nullable Difference firstDifference(Program program) {
    for (Engine engine : engines) {
      Difference difference = trial.run(program, engine, KEEP_GOING ? SHORT_LIMIT : LIMIT);
      if (difference != null) {
        return difference;
      }
    }
    return null;
  }

  private void report(long seed, Difference first) {
    print(first);
    if (!Boolean.parseBoolean(System.getProperty(SHRINK_PROPERTY, "true"))) {
      System.out.printf("again: %s%n", command(subject, seed, Set.of()));
      return;
    }
    System.out.printf("shrinking the program of seed %d ...%n", seed);
    Program program = subject.write(seed);
    Engine engine = first.engine();
    int tries = isRepeatable(program, engine) ? 1 : TRIES;
    Set<Integer> deleted =
        new Shrinker(program, SHRINKING, shorter -> fails(shorter, engine, tries)).deletable();
    Program shrunk = program.without(deleted);
    System.out.printf("%n%s%n", shrunk);
    if (tries > 1) {
      System.out.println("It doesn't fail each time.");
    }
    Difference again = differs(shrunk, engine, tries);
    if (again != null) {
      print(again);
    }
    System.out.printf("again: %s%n", command(subject, seed, deleted));
  }

  /** What to type to run a program again. */
  static String command(Subject subject, long seed, Set<Integer> deleted) {
    return "./stackful fuzz %s --seed %d%s"
        .formatted(
            subject.commandName(),
            seed,
            deleted.isEmpty()
                ? ""
                : deleted.stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(",", " --without ", "")));
  }

  private void print(Difference difference) {
    System.out.printf(
        "%s differ on %s at line %d%n  the model:  %s%n  %s:  %s%n",
        subject.commandName(),
        difference.engine(),
        difference.line() + 1,
        difference.expected(),
        difference.engine(),
        difference.actual());
    if (difference.hang() != null) {
      System.out.println(difference.hang());
    }
  }

  private boolean isRepeatable(Program program, Engine engine) {
    for (int i = 0; i < 3; i++) {
      if (trial.run(program, engine, SHORT_LIMIT) == null) {
        return false;
      }
    }
    return true;
  }

  private boolean fails(Program program, Engine engine, int tries) {
    return differs(program, engine, tries) != null;
  }

  private @Nullable Difference differs(Program program, Engine engine, int tries) {
    for (int i = 0; i < tries; i++) {
      Difference difference = trial.run(program, engine, SHORT_LIMIT);
      if (difference != null) {
        return difference;
      }
    }
    return null;
  }

  /** For one program that is run again: what all engines do, beside what the model does. */
  static boolean runAgain(Subject subject, Program program) {
    System.out.println(program);
    Fuzz fuzz = new Fuzz(subject);
    List<String> expected = new ArrayList<>(subject.expected(program, new Log()).lines());
    boolean same = true;
    for (Engine engine : fuzz.engines) {
      Difference difference = fuzz.trial.run(program, engine, LIMIT);
      if (difference != null) {
        same = false;
        expected.subList(0, difference.line()).forEach(System.out::println);
        fuzz.print(difference);
      }
    }
    if (same) {
      expected.forEach(System.out::println);
    }
    return same;
  }
}
