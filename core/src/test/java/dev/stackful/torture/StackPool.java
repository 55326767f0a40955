package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.internal.engine.NativeEngine;
import java.util.ArrayList;
import java.util.List;

/** Whose thread a coroutine gets, and what becomes of it. Wants stackful.idleSeconds=1. */
@SuppressWarnings("ThreadPriorityCheck") // gives the other thread our processor while it ends
public final class StackPool {
  private static final int STACKS = 40;
  private static final ThreadLocal<String> LOCAL = new ThreadLocal<>();

  private StackPool() {}

  /** Runs them all. */
  public static void main(String[] arguments) throws Exception {
    Check.scenario("a warm stack serves again", StackPool::reuse);
    Check.scenario("a fresh stack serves once", StackPool::fresh);
    Check.scenario("idle stacks go", StackPool::trim);
  }

  private static Thread threadOf(Coroutine.Builder builder) {
    Coroutine<Object, Thread> c = builder.build((self, first) -> Thread.currentThread());
    return c.resume("");
  }

  private static void reuse() {
    Coroutine<Object, Thread> dirty =
        Coroutine.of(
            (self, first) -> {
              LOCAL.set("left behind");
              Thread.currentThread().setName("renamed");
              Thread.currentThread().setPriority(Thread.MAX_PRIORITY);
              Thread.currentThread().interrupt();
              return Thread.currentThread();
            });
    Thread thread = dirty.resume("");
    Coroutine<Object, Object> next =
        Coroutine.builder()
            .name("the next")
            .build(
                (self, first) -> {
                  Thread own = Thread.currentThread();
                  Check.equal(thread, own, "the warm stack's thread");
                  Check.equal(null, LOCAL.get(), "a thread-local of what it served before");
                  Check.equal("the next", own.getName(), "the thread's name");
                  Check.equal(Thread.NORM_PRIORITY, own.getPriority(), "its priority");
                  Check.that(!Thread.interrupted(), "interrupted by what it served before");
                  return "";
                });
    next.resume("");
    Check.that(thread.getName().matches("stackful-\\d+"), thread.getName());
    Coroutine<Object, Object> unnamed =
        Coroutine.of((self, first) -> self.yield(Thread.currentThread()));
    Check.equal(thread, unnamed.resume(""), "the warm stack's thread");
    Check.that(thread.getName().matches("stackful-\\d+"), thread.getName());
    Check.equal(unnamed.name(), thread.getName(), "the thread's name once it was asked for");
    unnamed.resume("");
    Check.that(thread.getName().matches("stackful-\\d+"), thread.getName());
    Check.that(
        threadOf(Coroutine.builder().stackSize(512 * 1024)) != thread,
        "another size, the same thread");
  }

  private static void fresh() throws Exception {
    Thread pooled = threadOf(Coroutine.builder());
    Thread once = threadOf(Coroutine.builder().freshStack(true));
    Check.that(pooled != once, "not a fresh thread");
    once.join(30_000L * Check.SLOWNESS);
    Check.that(!once.isAlive(), "the fresh stack's thread has not ended");
    Check.equal(pooled, threadOf(Coroutine.builder()), "the pool's stack afterwards");
    Coroutine<Object, Object> closed =
        Coroutine.builder().freshStack(true).build((self, first) -> self.yield(first));
    closed.resume("");
    closed.close();
  }

  private static void trim() throws Exception {
    long before = Check.kernelThreads();
    for (int round = 0; round < 2; round++) {
      List<Coroutine<Object, Object>> live = new ArrayList<>();
      for (int i = 0; i < STACKS; i++) {
        Coroutine<Object, Object> c = Coroutine.of((self, first) -> self.yield(first));
        c.resume("");
        live.add(c);
      }
      Check.that(NativeEngine.instance().stackCount() >= STACKS, "fewer stacks than coroutines");
      live.forEach(Coroutine::close);
      Check.await("idle stacks are gone", () -> NativeEngine.instance().stackCount() == 0);
      Check.await("their threads too", () -> Check.kernelThreads() < before + STACKS / 2);
    }
    Check.that(threadOf(Coroutine.builder()).isAlive(), "no stack after the trim");
  }
}
