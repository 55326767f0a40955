package dev.stackful;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/** What the contracts of coroutines have in common: the engine, and coroutines on it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class EngineContract {
  static final int SLOWNESS = Integer.getInteger("stackful.test.slowness", 1);

  final Engine engine;

  EngineContract(Engine engine) {
    this.engine = engine;
  }

  <I extends @Nullable Object, O extends @Nullable Object> Coroutine<I, O> coroutine(
      Coroutine.Body<I, O> body) {
    return Coroutine.builder().engine(engine).build(body);
  }

  /** A coroutine that yields whatever it gets, for ever. */
  Coroutine<Object, Object> echo() {
    return coroutine(
        (self, first) -> {
          Object value = first;
          while (true) {
            value = self.yield(value);
          }
        });
  }

  /** Yields at every depth on the way down. */
  static void descend(int depth, Yielder<Object, Integer> self) {
    if (depth > 0) {
      self.yield(depth);
      descend(depth - 1, self);
    }
  }

  static class SomeException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  static <T extends @Nullable Object> T inAnotherThread(Callable<T> action) throws Exception {
    return in(Thread.ofPlatform(), action);
  }

  static <T extends @Nullable Object> T inAVirtualThread(Callable<T> action) throws Exception {
    return in(Thread.ofVirtual(), action);
  }

  private static <T extends @Nullable Object> T in(Thread.Builder builder, Callable<T> action)
      throws Exception {
    FutureTask<T> task = new FutureTask<>(action);
    builder.start(task);
    return task.get();
  }
}
