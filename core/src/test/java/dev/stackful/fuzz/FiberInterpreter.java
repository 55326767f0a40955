package dev.stackful.fuzz;

import dev.stackful.Coroutine;
import dev.stackful.ForcedUnwind;
import dev.stackful.fiber.Channel;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberCancelled;
import dev.stackful.fiber.FiberLocal;
import dev.stackful.fiber.FiberScope;
import dev.stackful.fiber.FiberScope.Joiner;
import dev.stackful.fiber.Mutex;
import dev.stackful.fiber.Select;
import dev.stackful.fiber.Semaphore;
import dev.stackful.fuzz.FiberAction.OnJoin;
import dev.stackful.fuzz.FiberAction.OnShared;
import dev.stackful.fuzz.FiberAction.Shared;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Runs one routine of a program of fibers. */
final class FiberInterpreter extends Interpreter {
  private static final String OK = "ok";
  private static final String NOBODY = "nobody";

  private final FiberRun run;

  /** The scopes around the statement that runs, the innermost first. */
  private final Deque<FiberScope<String, ?>> scopes = new ArrayDeque<>();

  FiberInterpreter(FiberRun run, String label) {
    super(run.log, label);
    this.run = run;
  }

  /** The whole life of a fiber. */
  String body(Block routine) throws Exception {
    log.add(label + ": starts");
    try {
      run(routine, null);
    } catch (Throwable t) {
      log.add(label + ": ends by " + Texts.of(t));
      throw t;
    }
    String value = log.nextValue();
    log.add(label + ": returns " + value);
    return value;
  }

  private static Duration millis(int millis) {
    return Duration.ofMillis(millis);
  }

  @Override
  String perform(Action action, @Nullable Throwable caught) throws Exception {
    return switch ((FiberAction) action) {
      case FiberAction.Settings a -> {
        run.set(a);
        yield OK;
      }
      case FiberAction.Run a -> runRuntime(a);
      case FiberAction.CloseRuntime a -> {
        run.runtime().close();
        yield OK;
      }
      case FiberAction.RunInside a -> {
        run.runtime().run();
        yield OK;
      }
      case FiberAction.Spawn a ->
          run.make(a.slot(), a.routine(), (name, body) -> run.runtime().spawn(name, body));
      case FiberAction.Cancel a -> {
        Fiber<String> fiber = run.slot(a.slot());
        if (fiber == null) {
          yield NOBODY;
        }
        fiber.cancel();
        yield OK;
      }
      case FiberAction.Join a -> {
        Fiber<String> fiber = run.slot(a.slot());
        if (fiber == null) {
          yield NOBODY;
        }
        yield a.millis() == 0 ? fiber.join() : fiber.joinWithin(millis(a.millis()));
      }
      case FiberAction.Look a -> "at " + run.runtime().now().toMillis() + " ms: " + run.states();
      case FiberAction.Sleep a -> {
        if (a.millis() == 0) {
          Fiber.yieldNow();
        } else {
          Fiber.sleep(millis(a.millis()));
        }
        yield OK;
      }
      case FiberAction.SleepStubbornly a -> sleepStubbornly(a.times());
      case FiberAction.Use a -> new FiberUse(run, a).perform();
      case FiberAction.UseEndpoint a -> run.useEndpoint(a);
      case FiberAction.Block a -> run.block(a.millis());
      case FiberAction.UseLocal a -> {
        FiberLocal<String> local = run.local(a.number());
        if (a.sets()) {
          local.set(log.nextValue());
          yield OK;
        }
        yield local.get();
      }
      case FiberAction.Select a -> select(a);
      case FiberAction.Fork a -> {
        FiberScope<String, ?> scope = scope(a.outwards());
        yield scope == null
            ? "no scope"
            : run.make(a.slot(), a.routine(), (name, body) -> scope.fork(name, body));
      }
      case FiberAction.JoinScope a -> {
        FiberScope<String, ?> scope = scope(a.outwards());
        yield scope == null ? "no scope" : String.valueOf(scope.join());
      }
      case FiberAction.CloseScope a -> {
        FiberScope<String, ?> scope = scope(a.outwards());
        if (scope == null) {
          yield "no scope";
        }
        scope.close();
        yield OK;
      }
      default -> throw new AssertionError(action);
    };
  }

  private String runRuntime(FiberAction.Run action) throws Exception {
    return switch (action.way()) {
      case RUN -> {
        run.runtime().run();
        yield OK;
      }
      case RUN_ROUND -> run.runtime().runRound().toString();
      case RUN_READY -> run.runtime().runReady(millis(action.millis())).toString();
      case RUN_FOR -> run.runtime().runFor(millis(action.millis())).toString();
    };
  }

  private static String sleepStubbornly(int times) {
    int caught = 0;
    for (int i = 0; i < times; i++) {
      try {
        Fiber.sleep(millis(1));
      } catch (FiberCancelled | ForcedUnwind e) {
        caught++;
      }
    }
    return "caught " + caught;
  }

  // ---- selects ------------------------------------------------------------------------------

  private String select(FiberAction.Select action) {
    Select<String> select = Select.create();
    for (int i = 0; i < action.cases().size(); i++) {
      addCase(select, action.cases().get(i), "case " + i + ": ");
    }
    if (action.millis() > 0) {
      select.onTimeout(millis(action.millis()), () -> "timeout");
    }
    if (action.otherwise()) {
      select.otherwise(() -> "otherwise");
    }
    return select.select();
  }

  private void addCase(Select<String> select, FiberAction.Case one, String name) {
    switch (one) {
      case OnJoin on -> {
        Fiber<String> fiber = run.slot(on.slot());
        if (fiber != null) {
          select.onJoin(fiber, result -> name + result);
        }
      }
      case OnShared on -> {
        Shared shared = on.shared();
        switch (shared.kind()) {
          case CHANNEL -> {
            Channel<@Nullable String> channel = run.channel(shared);
            if (on.sends()) {
              select.onSend(channel, log.nextValue(), () -> name + "sent");
            } else {
              select.onReceive(channel, element -> name + element);
            }
          }
          case MUTEX -> {
            Mutex mutex = run.mutex(shared);
            select.onLock(
                mutex,
                () -> {
                  mutex.unlock();
                  return name + "locked";
                });
          }
          case SEMAPHORE -> {
            Semaphore semaphore = run.semaphore(shared);
            select.onAcquire(
                semaphore,
                () -> {
                  semaphore.release();
                  return name + "acquired";
                });
          }
          default -> select.onValue(run.deferred(shared), value -> name + value);
        }
      }
    }
  }

  // ---- blocks -------------------------------------------------------------------------------

  private @Nullable FiberScope<String, ?> scope(int outwards) {
    Iterator<FiberScope<String, ?>> around = scopes.iterator();
    FiberScope<String, ?> found = null;
    for (int i = 0; i <= outwards; i++) {
      if (!around.hasNext()) {
        return null;
      }
      found = around.next();
    }
    return found;
  }

  @Override
  boolean within(Action bracket, Block body, @Nullable Throwable caught) throws Exception {
    return switch ((FiberAction) bracket) {
      case FiberAction.InScope a -> inScope(a, body, caught);
      case FiberAction.InTime a ->
          Fiber.<Boolean, Exception>timeout(millis(a.millis()), () -> run(body, caught));
      case FiberAction.WithLock a ->
          run.mutex(a.shared()).<Boolean, Exception>withLock(() -> run(body, caught));
      case FiberAction.WithLocal a ->
          run.local(a.number()).<Boolean, Exception>where(log.nextValue(), () -> run(body, caught));
      case FiberAction.InCoroutine a -> {
        Coroutine<@Nullable Void, Boolean> coroutine =
            Coroutine.builder().engine(run.engine).build((self, first) -> run(body, caught));
        yield coroutine.resume();
      }
      default -> throw new AssertionError(bracket);
    };
  }

  private boolean inScope(FiberAction.InScope action, Block body, @Nullable Throwable caught)
      throws Exception {
    Joiner<String, ?> joiner =
        switch (action.joiner()) {
          case AWAIT_ALL -> Joiner.awaitAll();
          case ALL_SUCCESSFUL -> Joiner.awaitAllSuccessfulOrThrow();
          case ALL_RESULTS -> Joiner.allSuccessfulOrThrow();
          case ANY_SUCCESSFUL -> Joiner.anySuccessfulOrThrow();
        };
    try (FiberScope<String, ?> scope =
        action.millis() == 0
            ? FiberScope.open(joiner)
            : FiberScope.open(joiner, millis(action.millis()))) {
      scopes.push(scope);
      try {
        return run(body, caught);
      } finally {
        scopes.pop();
      }
    }
  }
}
