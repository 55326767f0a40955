package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * That no body finds thread-locals of another, on the native engine. The argument "serves-once"
 * says that each has a thread of its own for that.
 */
public final class ThreadLocalsLeft {
  private static final int BODIES = 300;
  private static final ThreadLocal<String> PLAIN = new ThreadLocal<>();
  private static final ThreadLocal<String> INHERITABLE = new InheritableThreadLocal<>();

  private ThreadLocalsLeft() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    boolean servesOnce = List.of(arguments).contains("serves-once");
    Set<Thread> threads = new HashSet<>();
    for (int i = 0; i < BODIES; i++) {
      Coroutine<Object, Object> c =
          Coroutine.builder()
              .engine(Engine.NATIVE)
              .build(
                  (self, first) -> {
                    Check.equal(null, PLAIN.get(), "a thread-local of another body");
                    Check.equal(null, INHERITABLE.get(), "an inheritable one of another body");
                    PLAIN.set("left behind");
                    INHERITABLE.set("left behind");
                    return Thread.currentThread();
                  });
      threads.add((Thread) c.resume());
    }
    Check.equal(servesOnce ? BODIES : 1, threads.size(), "threads");
  }
}
