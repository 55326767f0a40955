package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Generator;
import dev.stackful.GeneratorIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The ways in which a JVM exits that has coroutines. The first argument chooses. */
public final class Exits {
  private Exits() {}

  /** Runs one. */
  public static void main(String[] arguments) {
    switch (arguments[0]) {
      case "suspended" -> suspended(Integer.parseInt(arguments[1]));
      case "hook" -> hook(Integer.parseInt(arguments[1]));
      case "inside" -> inside();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static List<Coroutine<Object, Object>> suspend(int count) {
    List<Coroutine<Object, Object>> suspended = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Coroutine<Object, Object> c =
          Coroutine.of((self, first) -> Exits.class.getName() + self.yield(first));
      c.resume("");
      suspended.add(c);
    }
    return suspended;
  }

  /** Prints when the program is over; all that follows is the JVM's exit. */
  private static void suspended(int count) {
    suspend(count);
    System.out.println("over at " + System.currentTimeMillis());
  }

  /** Hooks that use coroutines while the library's own hook lets go of them. */
  private static void hook(int count) {
    List<GeneratorIterator<Integer>> open = new ArrayList<>();
    AtomicInteger closed = new AtomicInteger();
    Generator<Integer> numbers =
        Generator.of(
            scope -> {
              try {
                for (int i = 0; ; i++) {
                  scope.yield(i);
                }
              } finally {
                closed.incrementAndGet();
              }
            });
    for (int hook = 0; hook < 3; hook++) {
      List<GeneratorIterator<Integer>> ours = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        GeneratorIterator<Integer> iterator = numbers.iterator();
        iterator.next();
        ours.add(iterator);
      }
      open.addAll(ours);
      int number = hook;
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> useWhileExiting(number, ours, numbers)));
    }
    System.out.println(open.size() + " open");
  }

  private static void useWhileExiting(
      int hook, List<GeneratorIterator<Integer>> ours, Generator<Integer> numbers) {
    int failures = 0;
    for (GeneratorIterator<Integer> iterator : ours) {
      try {
        for (int i = 1; i < 4; i++) {
          Check.equal(i, iterator.next(), "the next element");
        }
        iterator.close();
        try (GeneratorIterator<Integer> fresh = numbers.iterator()) {
          Check.equal(0, fresh.next(), "a new iterator's element");
          Check.equal(1, fresh.next(), "a new iterator's second element");
        }
      } catch (Throwable t) {
        if (failures++ == 0) {
          t.printStackTrace(System.out);
        }
      }
    }
    System.out.println("hook " + hook + ": " + failures + " failures");
  }

  /** System.exit two coroutines deep. */
  @SuppressWarnings("SystemExitOutsideMain")
  private static void inside() {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook ran")));
    suspend(10);
    Coroutine<Object, Object> inner =
        Coroutine.of(
            (self, first) -> {
              System.exit(7);
              return "";
            });
    Coroutine<Object, Object> outer = Coroutine.of((self, first) -> inner.resume(""));
    outer.resume("");
    System.out.println("came back from System.exit");
  }
}
