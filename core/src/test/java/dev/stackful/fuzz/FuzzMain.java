package dev.stackful.fuzz;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The command {@code ./stackful fuzz}. */
public final class FuzzMain {
  private static final String USAGE =
      """
      usage: stackful fuzz [N] [SUBJECT...] [--from SEED] [--keep-going]
             stackful fuzz SUBJECT --seed SEED [--without NUMBER,...]

      The first runs N random programs (100,000) of each subject, from a seed on (1), and compares
      what they do on every engine with what a model does. It looks into the first that differs;
      with --keep-going it lists all. The second runs one program again, without some statements.
      The subjects are %s; without any, all.
      """
          .formatted(String.join(", ", Subject.names()));

  private static final long DEFAULT_COUNT = 100_000;

  private final List<Subject> subjects = new ArrayList<>();
  private final Set<Integer> without = new TreeSet<>();
  private long count = DEFAULT_COUNT;
  private long from = 1;
  private boolean again;
  private boolean keepGoing;

  private FuzzMain(String[] arguments) {
    Deque<String> left = new ArrayDeque<>(List.of(arguments));
    while (!left.isEmpty()) {
      take(left.remove(), left);
    }
    if (again && subjects.size() != 1) {
      throw new IllegalArgumentException("--seed takes one subject");
    }
    if (subjects.isEmpty()) {
      subjects.addAll(List.of(Subject.values()));
    }
  }

  private void take(String argument, Deque<String> left) {
    switch (argument) {
      case "--from" -> from = number(argument, left.poll());
      case "--seed" -> {
        from = number(argument, left.poll());
        again = true;
      }
      case "--without" -> {
        String numbers = left.poll();
        for (String number : numbers == null ? new String[0] : numbers.split(",")) {
          without.add((int) number(argument, number));
        }
      }
      case "--keep-going" -> keepGoing = true;
      default -> {
        if (argument.matches("\\d+")) {
          count = number("N", argument);
        } else {
          subjects.add(Subject.named(argument));
        }
      }
    }
  }

  private static long number(String of, String text) {
    if (text == null || !text.matches("\\d{1,18}")) {
      throw new IllegalArgumentException(of + " takes a number");
    }
    return Long.parseLong(text);
  }

  /** Runs it. */
  @SuppressWarnings("SystemExitOutsideMain")
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (Arrays.asList(arguments).contains("--help")) {
      System.out.print(USAGE);
      return;
    }
    FuzzMain main;
    try {
      main = new FuzzMain(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("stackful fuzz: " + e.getMessage() + "\n" + USAGE);
      System.exit(2);
      return;
    }
    System.exit(main.run() ? 0 : 1);
  }

  private boolean run() throws IOException, InterruptedException {
    if (again) {
      System.setProperty(FuzzJvm.CARRIERS, FuzzJvm.CARRIER_COUNT);
      Subject subject = subjects.getFirst();
      return Fuzz.runAgain(subject, subject.write(from).without(without));
    }
    List<String> flags = keepGoing ? List.of("-D" + Fuzz.KEEP_GOING_PROPERTY + "=true") : List.of();
    boolean same = true;
    for (Subject subject : subjects) {
      if (canRun(subject)) {
        same &= new FuzzJvm(flags, System.out::println).run(subject, from, count);
      }
    }
    return same;
  }

  private static boolean canRun(Subject subject) {
    try {
      subject.flags();
      return true;
    } catch (RuntimeException | LinkageError e) { // it would skip a test, where JUnit were
      System.out.println(subject.commandName() + ": left out, as there is no C compiler");
      return false;
    }
  }
}
