package dev.stackful.fuzz;

import dev.stackful.Coroutine;
import dev.stackful.Coroutine.State;
import dev.stackful.ForcedUnwind;
import dev.stackful.Yielder;
import dev.stackful.fuzz.CoroutineRun.Made;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs one routine of a program of coroutines, on whatever thread. */
final class CoroutineInterpreter extends Interpreter {
  /** Set by each body, for itself. */
  private static final ThreadLocal<@Nullable String> LOCAL = new ThreadLocal<>();

  private final CoroutineRun run;

  /** The coroutine whose routine this is; null for the main one. */
  private final @Nullable Made self;

  private final @Nullable Yielder<@Nullable String, @Nullable String> yielder;
  private final Object monitor;

  /** For the main routine. */
  CoroutineInterpreter(CoroutineRun run) {
    this(run, "main", null, null, new Object());
  }

  /** For a coroutine's body. */
  CoroutineInterpreter(
      CoroutineRun run, Made self, Yielder<@Nullable String, @Nullable String> yielder) {
    this(run, self.coroutine.name(), self, yielder, new Object());
  }

  private CoroutineInterpreter(
      CoroutineRun run,
      String label,
      @Nullable Made self,
      @Nullable Yielder<@Nullable String, @Nullable String> yielder,
      Object monitor) {
    super(run.log, label);
    this.run = run;
    this.self = self;
    this.yielder = yielder;
    this.monitor = monitor;
  }

  /** The whole life of a coroutine. */
  String body(Block routine, @Nullable String first) throws Exception {
    Made made = Objects.requireNonNull(self);
    made.yielder = yielder;
    made.thread = Thread.currentThread();
    log.add(label + ": starts with " + first);
    if (LOCAL.get() != null) {
      log.add(label + ": finds a thread-local of " + LOCAL.get());
    }
    LOCAL.set(label);
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

  @Override
  String perform(Action action, @Nullable Throwable caught) throws Exception {
    return switch ((CoroutineAction) action) {
      case CoroutineAction.New a -> run.make(a);
      case CoroutineAction.Resume a -> resume(run.slot(a.slot()), a.withNull());
      case CoroutineAction.Raise a -> raise(run.slot(a.slot()), newThrowable(a.sort()));
      case CoroutineAction.RaiseCaught a -> raiseCaught(run.slot(a.slot()), caught);
      case CoroutineAction.RaiseNull a -> raise(run.slot(a.slot()), null);
      case CoroutineAction.Close a -> close(run.slot(a.slot()));
      case CoroutineAction.CloseNumber a -> close(run.number(a.number()));
      case CoroutineAction.Yield a -> yieldBy(yielder, a.withNull() ? null : log.nextValue());
      case CoroutineAction.YieldByCurrent a -> yieldBy(Yielder.current(), log.nextValue());
      case CoroutineAction.YieldThrough a -> {
        Made leaked = run.slot(a.slot());
        yield yieldBy(leaked == null ? null : leaked.yielder, log.nextValue());
      }
      case CoroutineAction.YieldStubbornly a -> yieldStubbornly(a.times());
      case CoroutineAction.Transfer a -> {
        Made target = run.slot(a.slot());
        yield target == null ? "nobody" : transfer(target.coroutine);
      }
      case CoroutineAction.TransferToNull a -> transfer(null);
      case CoroutineAction.States a -> run.states();
      case CoroutineAction.Identity a -> identity();
      case CoroutineAction.Trace a -> trace(run.slot(a.slot()));
      case CoroutineAction.Interrupt a -> {
        Thread.currentThread().interrupt();
        yield "ok";
      }
      case CoroutineAction.InterruptSlot a -> interrupt(run.slot(a.slot()));
      case CoroutineAction.TakeInterrupt a -> Boolean.toString(Thread.interrupted());
      case CoroutineAction.Locked a -> throw new AssertionError(a);
    };
  }

  private String resume(@Nullable Made target, boolean withNull) {
    if (target == null) {
      return "nobody";
    }
    return String.valueOf(
        withNull ? target.coroutine.resume() : target.coroutine.resume(log.nextValue()));
  }

  private static String raise(@Nullable Made target, @Nullable Throwable thrown) {
    return target == null ? "nobody" : String.valueOf(target.coroutine.raise(thrown));
  }

  private static String raiseCaught(@Nullable Made target, @Nullable Throwable caught) {
    if (caught == null
        || target == null
        || Texts.of(caught).equals("ForcedUnwind of " + target.coroutine.name())) {
      return "nothing";
    }
    return raise(target, caught);
  }

  private static String close(@Nullable Made target) {
    if (target == null) {
      return "nobody";
    }
    target.coroutine.close();
    return "ok";
  }

  private static String yieldBy(
      @Nullable Yielder<@Nullable String, @Nullable String> by, @Nullable String value) {
    return by == null ? "no yielder" : String.valueOf(by.yield(value));
  }

  private String yieldStubbornly(int times) {
    if (yielder == null) {
      return "no yielder";
    }
    int unwound = 0;
    for (int i = 0; i < times; i++) {
      try {
        yielder.yield("stubborn");
      } catch (ForcedUnwind u) {
        unwound++;
      }
    }
    return "unwound " + unwound + " times";
  }

  private String transfer(@Nullable Coroutine<@Nullable String, @Nullable String> target) {
    return String.valueOf(
        Objects.requireNonNull(yielder)
            .transferTo(target, target == null ? null : log.nextValue()));
  }

  private String identity() {
    Optional<Coroutine<?, ?>> current = Coroutine.current();
    String thread = Thread.currentThread().getName();
    return "current %s, thread %s, local %s, interrupted %s, locked %s"
        .formatted(
            current.map(Coroutine::name).orElse("none"),
            thread.matches("c\\d+") ? thread : "none",
            Optional.ofNullable(LOCAL.get()).orElse("none"),
            Thread.currentThread().isInterrupted(),
            Thread.holdsLock(monitor));
  }

  private static String trace(@Nullable Made target) {
    if (target == null) {
      return "nobody";
    }
    StackTraceElement[] frames = target.coroutine.stackTrace();
    return Arrays.stream(frames)
        .filter(frame -> isOfTheLibrary(frame.getClassName()))
        .findFirst()
        .map(StackTraceElement::toString)
        .orElse(frames.length == 0 ? "empty" : "frames of the body");
  }

  private static boolean isOfTheLibrary(String type) {
    return type.startsWith("dev.stackful.") && !type.startsWith("dev.stackful.fuzz.");
  }

  private static String interrupt(@Nullable Made target) {
    if (target != null && target.thread != null && target.coroutine.state() != State.DONE) {
      target.thread.interrupt();
    }
    return "ok";
  }

  @Override
  boolean within(Action bracket, Block body, @Nullable Throwable caught) throws Exception {
    if (bracket instanceof Elsewhere elsewhere) {
      if (run.workers.isBusy(elsewhere.worker())) {
        log.add(label + ": w" + elsewhere.worker() + " is busy");
        return false;
      }
      CoroutineInterpreter there =
          new CoroutineInterpreter(run, label + "/w" + elsewhere.worker(), self, yielder, monitor);
      return run.workers.call(elsewhere.worker(), () -> there.run(body, caught));
    }
    synchronized (monitor) {
      return run(body, caught);
    }
  }
}
