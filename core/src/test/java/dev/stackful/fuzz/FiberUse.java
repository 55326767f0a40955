package dev.stackful.fuzz;

import dev.stackful.fiber.Channel;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.Semaphore;
import dev.stackful.fuzz.FiberAction.Shared;
import dev.stackful.fuzz.FiberAction.Use;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a fiber does with a channel, a lock or the like. */
final class FiberUse {
  private final FiberRun run;
  private final Use action;
  private final Shared shared;

  FiberUse(FiberRun run, Use action) {
    this.run = run;
    this.action = action;
    this.shared = action.shared();
  }

  String perform() {
    return switch (action.verb()) {
      case SEND -> ok(() -> channel().send(run.log.nextValue()));
      case SEND_NULL -> ok(() -> channel().send(null));
      case RECEIVE -> String.valueOf(channel().receive());
      case TRY_SEND -> Boolean.toString(channel().trySend(run.log.nextValue()));
      case TRY_RECEIVE -> {
        StringBuilder taken = new StringBuilder();
        yield channel().tryReceive(taken::append) ? taken.toString() : "nothing";
      }
      case CLOSE -> ok(() -> channel().close());
      case ITERATE -> iterate();
      case LOCK -> ok(() -> run.mutex(shared).lock());
      case TRY_LOCK -> Boolean.toString(run.mutex(shared).tryLock());
      case UNLOCK -> ok(() -> run.mutex(shared).unlock());
      case AWAIT_CONDITION -> ok(() -> run.condition(shared).await());
      case SIGNAL -> ok(() -> run.condition(shared).signal());
      case SIGNAL_ALL -> ok(() -> run.condition(shared).signalAll());
      case ACQUIRE -> ok(() -> semaphore().acquire());
      case TRY_ACQUIRE -> Boolean.toString(semaphore().tryAcquire());
      case RELEASE -> ok(() -> semaphore().release());
      case AWAIT ->
          shared.kind() == Shared.Kind.BARRIER
              ? Integer.toString(run.barrier(shared).await())
              : run.deferred(shared).await();
      case COMPLETE -> complete();
      case FAIL -> fail();
      case STATE -> state();
      case AWAIT_WITHIN -> Fiber.await(run.future(shared), Duration.ofMillis(action.number()));
    };
  }

  private static String ok(Runnable operation) {
    operation.run();
    return "ok";
  }

  private Channel<@Nullable String> channel() {
    return run.channel(shared);
  }

  private Semaphore semaphore() {
    return run.semaphore(shared);
  }

  private String iterate() {
    Iterator<@Nullable String> elements = channel().iterator();
    List<@Nullable String> taken = new ArrayList<>();
    while (taken.size() < action.number()) {
      if (!elements.hasNext()) {
        return taken + " and the end";
      }
      taken.add(elements.next());
    }
    return taken.toString();
  }

  private String complete() {
    String value = run.log.nextValue();
    return Boolean.toString(
        shared.kind() == Shared.Kind.FUTURE
            ? run.future(shared).complete(value)
            : run.deferred(shared).complete(value));
  }

  private String fail() {
    Throwable thrown = Planned.of(Sort.UNCHECKED, run.log.nextException());
    return Boolean.toString(
        shared.kind() == Shared.Kind.FUTURE
            ? run.future(shared).completeExceptionally(thrown)
            : run.deferred(shared).fail(thrown));
  }

  private String state() {
    return switch (shared.kind()) {
      case CHANNEL ->
          "closed %s, drained %s".formatted(channel().isClosed(), channel().isDrained());
      case MUTEX -> "locked " + run.mutex(shared).isLocked();
      case SEMAPHORE -> semaphore().availablePermits() + " permits";
      default -> "done " + run.deferred(shared).isDone();
    };
  }
}
