package dev.stackful.fuzz;

import dev.stackful.Coroutine.State;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A model in which coroutines resume, yield and end, as the Javadoc of Coroutine says it. */
abstract class CoroutineMachine extends Machine {
  /** How often a body that is being closed gets the unwinding. */
  private static final int MOST_UNWINDS = 100;

  private final List<ModelThread.Interrupt> workers = new ArrayList<>();
  private final Set<Integer> busy = new HashSet<>();

  CoroutineMachine(Program program) {
    super(program, ModelThread.main());
    for (int i = 0; i < Workers.COUNT; i++) {
      workers.add(new ModelThread.Interrupt());
    }
    runBlock(current, program.main());
  }

  abstract void perform(ModelThread caller, Action action);

  /** The main routine has ended, or what was begun after it. */
  abstract void mainEnded(ModelThread main);

  /** What a body's return gives to who resumed it. */
  abstract String returned(ModelCoroutine coroutine);

  @Override
  final void perform(Strand strand, Action action) {
    perform((ModelThread) strand, action);
  }

  static boolean isUnwinding(ModelThread thread) {
    return thread.isThrowing() && Objects.requireNonNull(thread.thrown).sort() == Sort.UNWINDING;
  }

  // ---- resuming -----------------------------------------------------------------------------

  /** Whether a coroutine may be resumed; if not, throws in the caller. */
  static boolean isResumable(ModelThread caller, ModelCoroutine target) {
    String reason =
        switch (target.state) {
          case NEW, SUSPENDED -> null;
          case RUNNING -> target == caller.identity ? "running here" : "running elsewhere";
          case NORMAL -> "waits for another";
          case DONE -> "ended";
        };
    if (reason != null) {
      caller.raise(new Thrown(Sort.UNCHECKED, "NotResumableException: " + reason));
    }
    return reason == null;
  }

  final void resume(ModelThread caller, ModelCoroutine target, String value) {
    if (isResumable(caller, target)) {
      enter(caller, target);
      goOn(target, value);
    }
  }

  final void raise(ModelThread caller, ModelCoroutine target, Thrown thrown) {
    if (target.state == State.NEW) {
      target.state = State.DONE;
      caller.raise(thrown.unchecked("CoroutineException"));
    } else if (isResumable(caller, target)) {
      enter(caller, target);
      goOnThrowing(target, thrown);
    }
  }

  final void close(ModelThread caller, ModelCoroutine target) {
    if (target.state == State.NEW || target.state == State.DONE) {
      target.state = State.DONE;
      caller.give("ok");
    } else if (isResumable(caller, target)) {
      caller.push(new Closing(caller, target));
      enter(caller, target);
      target.unwinds = 1;
      goOnThrowing(target, unwinding(target));
    }
  }

  private static void enter(ModelThread caller, ModelCoroutine target) {
    if (caller.identity != null) {
      caller.identity.state = State.NORMAL;
    }
    target.resumer = caller;
  }

  /** The target runs on, with a value, from its beginning or from where it stands. */
  final void goOn(ModelCoroutine target, String value) {
    target.state = State.RUNNING;
    current = target.thread;
    if (!target.started) {
      target.started = true;
      log.add(target.name + ": starts with " + value);
      target.body.run();
    } else {
      target.thread.give(value);
    }
  }

  private void goOnThrowing(ModelCoroutine target, Thrown thrown) {
    target.state = State.RUNNING;
    current = target.thread;
    target.thread.raise(thrown);
  }

  /** Control goes back to who resumed a coroutine, which has given its place up. */
  final ModelThread backFrom(ModelCoroutine coroutine, State state) {
    ModelThread resumer = Objects.requireNonNull(coroutine.resumer);
    coroutine.resumer = null;
    coroutine.state = state;
    if (resumer.identity != null) {
      resumer.identity.state = State.RUNNING;
    }
    current = resumer;
    return resumer;
  }

  private static Thrown unwinding(ModelCoroutine coroutine) {
    return new Thrown(Sort.UNWINDING, "ForcedUnwind of " + coroutine.name);
  }

  /** Makes of what came out of a coroutine what close returns or throws. */
  private record Closing(ModelThread caller, ModelCoroutine target) implements Strand.Frame {
    @Override
    public void step() {
      caller.pop();
      if (isUnwinding(caller)) {
        caller.take();
      }
      if (caller.isThrowing()) {
        return;
      }
      if (target.state == State.DONE) {
        caller.give("ok");
      } else {
        caller.raise(new Thrown(Sort.UNCHECKED, "IllegalStateException: went on yielding"));
      }
    }
  }

  // ---- yielding -----------------------------------------------------------------------------

  /** Whether a body may yield here and now; if not, throws, or says that there is no yielder. */
  static boolean isOwn(ModelThread caller, @Nullable ModelCoroutine of) {
    if (of == null || !of.started) {
      caller.give("no yielder");
    } else if (of.state == State.DONE) {
      caller.raise(new Thrown(Sort.UNCHECKED, "IllegalStateException: ended"));
    } else if (caller.identity != of) {
      caller.raise(new Thrown(Sort.UNCHECKED, "WrongThreadException"));
    } else {
      return true;
    }
    return false;
  }

  /** Whether it is unwound again instead of yielding. */
  static boolean isUnwoundAgain(ModelCoroutine coroutine) {
    if (coroutine.unwinds > 0 && coroutine.unwinds < MOST_UNWINDS) {
      coroutine.unwinds++;
      coroutine.thread.raise(unwinding(coroutine));
      return true;
    }
    return false;
  }

  /** Suspends the body that runs; it may have been given up by who closes it. */
  final void suspend(ModelCoroutine coroutine, String value) {
    coroutine.unwinds = 0;
    backFrom(coroutine, State.SUSPENDED).give(value);
  }

  /** Does something again and again, and catches each unwinding. */
  static final class Stubborn implements Strand.Frame {
    private final ModelThread caller;
    private final Runnable action;
    private int left;
    private int unwound;

    Stubborn(ModelThread caller, int times, Runnable action) {
      this.caller = caller;
      this.left = times;
      this.action = action;
    }

    @Override
    public void step() {
      if (isUnwinding(caller)) {
        caller.take();
        unwound++;
      }
      if (caller.isThrowing()) {
        caller.pop();
      } else if (left == 0) {
        caller.pop();
        caller.give("unwound " + unwound + " times");
      } else {
        left--;
        action.run();
      }
    }
  }

  // ---- blocks and ends ----------------------------------------------------------------------

  @Override
  final void within(Strand strand, Action bracket, Block body) {
    ModelThread caller = (ModelThread) strand;
    if (!(bracket instanceof Elsewhere elsewhere)) {
      caller.locks++;
      caller.push(
          () -> {
            caller.locks--;
            caller.pop();
          });
      runBlock(caller, body);
    } else if (busy.contains(elsewhere.worker())) {
      log.add(caller.label + ": w" + elsewhere.worker() + " is busy");
    } else {
      busy.add(elsewhere.worker());
      current = caller.worker(elsewhere.worker(), workers.get(elsewhere.worker()));
      runBlock(current, body);
    }
  }

  @Override
  final void ended(Strand strand) {
    ModelThread thread = (ModelThread) strand;
    if (thread.identity != null) {
      bodyEnded(thread.identity);
    } else if (thread.waiting != null) {
      busy.remove(thread.worker);
      current = thread.waiting;
      current.signal = thread.signal;
      current.thrown = thread.thrown;
    } else {
      mainEnded(thread);
    }
  }

  private void bodyEnded(ModelCoroutine coroutine) {
    if (coroutine.thread.isThrowing()) {
      Thrown thrown = coroutine.thread.take();
      log.add(coroutine.name + ": ends by " + thrown);
      backFrom(coroutine, State.DONE).raise(thrown.unchecked("CoroutineException"));
    } else {
      String value = returned(coroutine);
      log.add(coroutine.name + ": returns " + value);
      backFrom(coroutine, State.DONE).give(value);
    }
  }
}
