package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What idle stacks keep of the memory that their tasks have touched. Wants a heap that is resident
 * from the start.
 */
public final class StackMemory {
  private static final int STACKS = 100;
  private static final long TOUCHED_BYTES = 200 * 1024;
  private static final long MOST_KEPT_BYTES = 100 * 1024;

  private StackMemory() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    Check.scenario("idle stacks give their memory back", StackMemory::run);
  }

  private static void run() throws IOException {
    runDeepTasks(); // what the JVM takes once, it has now
    Cost withIdleStacks = Cost.now();
    List<Coroutine<Object, Object>> suspended = suspendDeep();
    Cost withDeepOnes = Cost.now();
    long touched = withDeepOnes.minus(withIdleStacks).dividedBy(STACKS).residentBytes();
    Check.that(touched > TOUCHED_BYTES, "a deep task touched " + touched + " bytes only");
    suspended.forEach(Coroutine::close);
    long kept = Cost.now().minus(withIdleStacks).dividedBy(STACKS).residentBytes();
    Check.that(kept < MOST_KEPT_BYTES, "an idle stack keeps " + kept + " bytes more than before");
  }

  /** Each stack has served one task after that, so the next is its second. */
  private static void runDeepTasks() {
    suspendDeep().forEach(Coroutine::close);
  }

  private static List<Coroutine<Object, Object>> suspendDeep() {
    List<Coroutine<Object, Object>> suspended = new ArrayList<>();
    for (int i = 0; i < STACKS; i++) {
      Coroutine<Object, Object> deep =
          Coroutine.builder()
              .engine(Engine.NATIVE)
              .build(
                  (self, first) -> {
                    descend(3_000);
                    return self.yield(first);
                  });
      deep.resume("");
      suspended.add(deep);
    }
    return suspended;
  }

  /** Some 100 bytes of stack each. */
  private static long descend(int depth) {
    return depth == 0 ? 0 : 1 + descend(depth - 1);
  }
}
