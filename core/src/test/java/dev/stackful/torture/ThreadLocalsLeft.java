package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * That no body finds thread-locals of another, on the native engine, but all of its resumer, if it
 * is to. The argument "serves-once" says that thread-locals can't be reached: each has a thread of
 * its own for that.
 */
public final class ThreadLocalsLeft {
  private static final int BODIES = 300;
  private static final ThreadLocal<String> PLAIN = new ThreadLocal<>();
  private static final ThreadLocal<String> INHERITABLE = new InheritableThreadLocal<>();

  private static final int TURNS = 200;

  @SuppressWarnings("unused") // garbage
  private static Object garbage = "";

  private static final Coroutine<Object, Object> SHARING =
      Coroutine.builder()
          .engine(Engine.NATIVE)
          .context(Coroutine.Context.RESUMER)
          .build(
              (self, first) -> {
                while (true) {
                  garbage = new byte[100_000];
                  String seen = PLAIN.get() + INHERITABLE.get();
                  INHERITABLE.set("body's");
                  self.yield(seen);
                }
              });

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
    if (!servesOnce) {
      for (int i = 0; i < TURNS; i++) {
        share("resumer's " + i);
        Thread other = Thread.ofVirtual().start(() -> share("virtual resumer's"));
        other.join();
      }
    }
  }

  /** By several turns of one coroutine, whose body allocates, for the collector to move things. */
  private static void share(String value) {
    PLAIN.set(value);
    for (int i = 0; i < 20; i++) {
      INHERITABLE.set(value + i);
      Check.equal(value + value + i, SHARING.resume(), "the resumer's thread-locals in the body");
      Check.equal("body's", INHERITABLE.get(), "the body's thread-local in the resumer");
    }
    PLAIN.remove();
    Check.equal("null" + "body's", SHARING.resume(), "a removed thread-local in the body");
  }
}
