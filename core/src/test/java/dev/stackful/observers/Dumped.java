package dev.stackful.observers;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.stackful.Coroutine;
import dev.stackful.Yielder;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Dumps its own heap while bodies are suspended in interpreted and in compiled code. */
public final class Dumped {
  /** What bodies have as locals, and nothing else refers to. */
  static final class Mark {
    final int number;

    Mark(int number) {
      this.number = number;
    }
  }

  static final int BODIES = 20;
  private static final int ROUNDS_TO_COMPILE = 30_000;

  private Dumped() {}

  /** Arguments: the file for the dump. */
  public static void main(String[] arguments) throws Exception {
    List<Coroutine<Object, Object>> suspended = new ArrayList<>();
    for (int i = 0; i < BODIES; i++) {
      int number = i;
      suspended.add(
          Coroutine.builder()
              .name("dumped-" + number)
              .build(
                  (self, first) ->
                      number % 2 == 0 ? interpreted(self, number) : compiled(self, number)));
    }
    for (Coroutine<Object, Object> c : suspended) {
      c.resume();
    }
    for (int i = 1; i < BODIES; i += 2) {
      for (int j = 0; j < ROUNDS_TO_COMPILE; j++) {
        suspended.get(i).resume();
      }
    }
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(arguments[0], true);
    for (Coroutine<Object, Object> c : suspended) {
      c.close();
    }
  }

  private static Object interpreted(Yielder<Object, Object> self, int number) {
    Mark mark = new Mark(number);
    self.yield("once");
    return mark.number;
  }

  private static Object compiled(Yielder<Object, Object> self, int number) {
    while (true) {
      hot(self, number);
    }
  }

  private static int hot(Yielder<Object, Object> self, int number) {
    Mark mark = new Mark(number);
    self.yield(mark.hashCode()); // it escapes: a local that is nothing but a number has no object
    return mark.number;
  }
}
