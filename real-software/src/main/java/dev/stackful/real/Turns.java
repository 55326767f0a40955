package dev.stackful.real;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Runs bodies to their end, resumed by a platform thread and by a virtual one in turn. */
final class Turns implements AutoCloseable {
  /** For a compiler's recursions, interpreted as they are at first. */
  private static final long STACK_SIZE_BYTES = 4 * 1024 * 1024;

  private final ExecutorService platform = Executors.newCachedThreadPool();
  private final ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor();
  private final Engine engine;
  private final AtomicLong yields = new AtomicLong();

  Turns(Engine engine) {
    this.engine = engine;
  }

  /** How often bodies have yielded so far. */
  long yields() {
    return yields.get();
  }

  /** Counts a yield that somebody else has resumed a body to. */
  void yielded() {
    yields.incrementAndGet();
  }

  /** A body that returns what the callable does, and yields where that calls {@link Pause#here}. */
  <R> Coroutine<Integer, Integer> body(Callable<R> callable, Result<R> result) {
    return Coroutine.builder()
        .engine(engine)
        .stackSize(STACK_SIZE_BYTES)
        .build(
            (self, first) -> {
              result.value = callable.call();
              return first;
            });
  }

  /** What a body returned, once it has. */
  static final class Result<R> {
    private volatile R value;

    R get() {
      R returned = value;
      if (returned == null) {
        throw new IllegalStateException("the body has not returned");
      }
      return returned;
    }
  }

  /** Runs all of it. */
  <R> R run(Callable<R> callable) throws InterruptedException, ExecutionException {
    Result<R> result = new Result<>();
    try (Coroutine<Integer, Integer> body = body(callable, result)) {
      boolean onVirtual = false;
      int value = 0;
      while (!body.isDone()) {
        int sent = value;
        value = (onVirtual ? virtual : platform).submit(() -> body.resume(sent)).get();
        onVirtual = !onVirtual;
        if (!body.isDone()) {
          yielded();
        }
      }
    }
    return result.get();
  }

  @Override
  public void close() {
    platform.shutdownNow();
    virtual.shutdownNow();
  }
}
