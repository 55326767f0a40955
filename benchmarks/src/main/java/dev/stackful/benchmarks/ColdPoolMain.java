package dev.stackful.benchmarks;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that makes many of something, and prints how many microseconds one of them took. {@link
 * ColdPool} runs it.
 *
 * <p>The arguments are one of {@link Kind}, and how many. One is made before them all, so that what
 * the first of a program takes is not measured.
 */
final class ColdPoolMain {
  private static final Object VALUE = new Object();

  /** What is made, and brought to where it waits. */
  enum Kind {
    COROUTINE("a coroutine, NATIVE, to its first yield"),
    CONTINUATION("the JDK's continuation, to its first yield"),
    VIRTUAL_THREAD("a virtual thread, to its first answer"),
    PLATFORM_THREAD("a platform thread, to its first answer"),
    PLATFORM_THREAD_STARTED("a platform thread, started and not waited for");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** For people. */
    String label() {
      return label;
    }

    Object make() {
      return switch (this) {
        case COROUTINE -> coroutine();
        case CONTINUATION -> continuation();
        case VIRTUAL_THREAD -> answering(Thread.ofVirtual());
        case PLATFORM_THREAD -> answering(Thread.ofPlatform().daemon());
        case PLATFORM_THREAD_STARTED -> startedThread();
      };
    }
  }

  private ColdPoolMain() {}

  public static void main(String[] args) {
    Kind kind = Kind.valueOf(args[0]);
    int count = Integer.parseInt(args[1]);
    List<Object> made = new ArrayList<>();
    made.add(kind.make());
    long begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      made.add(kind.make());
    }
    double micros = (System.nanoTime() - begin) / 1e3 / count;
    System.out.printf(Locale.ROOT, "%.3f%n", micros);
    System.out.flush();
    Runtime.getRuntime().halt(made.size() > count ? 0 : 1); // not to end so many one by one
  }

  private static Object coroutine() {
    Coroutine<Object, Object> coroutine =
        Coroutine.builder().engine(Engine.NATIVE).build(Echo.ENDLESS);
    coroutine.resume(VALUE);
    return coroutine;
  }

  private static Object continuation() {
    ContinuationEcho echo = new ContinuationEcho(Long.MAX_VALUE);
    echo.resume(VALUE);
    return echo;
  }

  private static Object answering(Thread.Builder builder) {
    ThreadEcho echo = new ThreadEcho(builder, Long.MAX_VALUE);
    echo.start();
    echo.resume(VALUE);
    return echo;
  }

  private static Object startedThread() {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              while (true) {
                LockSupport.park();
              }
            });
  }
}
