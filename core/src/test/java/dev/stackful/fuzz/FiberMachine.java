package dev.stackful.fuzz;

import dev.stackful.fiber.Fiber.State;
import dev.stackful.fuzz.FiberAction.Settings.Order;
import dev.stackful.fuzz.ModelFiber.Deadline;
import dev.stackful.fuzz.ModelWait.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The schedule of the model: who runs, who waits, and what time it is. */
abstract class FiberMachine extends Machine {
  /** How often a fiber that is being unwound, and goes on waiting, is told so. */
  private static final int MOST_UNWINDS = 100;

  final ModelTimers timers = new ModelTimers();
  final List<ModelFiber> ready = new ArrayList<>();
  final List<ModelFiber> live = new ArrayList<>();

  /** What came from outside, to be done when somebody is next given a turn. */
  final Deque<Runnable> inbound = new ArrayDeque<>();

  /** Those that have failed, and whose failure nobody may have got. */
  final List<ModelFiber> failures = new ArrayList<>();

  final Strand root;
  Order order = Order.IN_ORDER;
  boolean cancelOnFailure;

  /** How many fibers may still have a turn before the root goes on. */
  long turnsLeft;

  /** Whether who becomes ready goes before all others. */
  private boolean newestFirst;

  /** What an engine did, for what is left to chance. */
  private final List<String> actual;

  /** Who had which turn there. */
  private final List<String> turns;

  private int turn;

  FiberMachine(Program program, Log actual) {
    super(program, new Strand("main", null));
    this.root = current;
    this.actual = actual.lines();
    this.turns = actual.turns();
  }

  /** The line that the engine has written next. */
  final String hint() {
    int line = log.lines().size();
    return line < actual.size() ? actual.get(line) : "";
  }

  // ---- turns --------------------------------------------------------------------------------

  /** The root gives so many turns, each in order, and goes on when there are no more. */
  final void runInOrder(long turns) {
    turnsLeft = turns;
    dispatch();
  }

  /** The root gives turns, and goes on when there are no more. */
  final void runReady(long turns) {
    newestFirst = order == Order.DEPTH_FIRST;
    runInOrder(turns);
  }

  /**
   * What came from outside gets done, and what is due; what comes meanwhile is for the next time.
   */
  final void poll() {
    for (int left = inbound.size(); left > 0; left--) {
      inbound.remove().run();
    }
    timers.fireDue();
  }

  final boolean hasReady() {
    return ready.stream().anyMatch(ModelFiber::mayRun);
  }

  /** The next fiber has its turn, or the root if there is none. */
  final void dispatch() {
    poll();
    passOverEnded();
    if (turnsLeft <= 0 || ready.isEmpty()) {
      newestFirst = false;
      current = root;
      return;
    }
    ModelFiber next = order == Order.IN_RANDOM_ORDER ? hinted() : ready.getFirst();
    turn++;
    turnsLeft--;
    ready.remove(next);
    current = next;
    if (next.state == State.NEW) {
      next.state = State.RUNNING;
      log.add(next.label + ": starts");
      runBlock(next, next.body);
    }
  }

  private void passOverEnded() {
    for (int i = 0; i < ready.size() && i < turnsLeft; ) {
      if (ready.get(i).mayRun()) {
        i++;
      } else {
        ready.remove(i);
        turnsLeft--;
      }
    }
  }

  /** Whom the engine has chosen by chance, if that could be. */
  private ModelFiber hinted() {
    String name = turn < turns.size() ? turns.get(turn) : "";
    return ready.stream()
        .limit(turnsLeft)
        .filter(fiber -> fiber.label.equals(name))
        .findFirst()
        .orElse(ready.getFirst());
  }

  private void enqueue(ModelFiber fiber) {
    ready.add(newestFirst ? 0 : ready.size(), fiber);
  }

  /** Ends a wait, if it isn't over. */
  final void endWait(ModelWait wait, Object by) {
    if (!wait.over) {
      wait.over = true;
      wait.endedBy = by;
      if (wait.fiber != null) {
        wait.fiber.state = State.READY;
        enqueue(wait.fiber);
      } else {
        Object got = ((Place) by).got;
        inbound.add(() -> wait.giveOutside(got));
      }
    }
  }

  // ---- what a fiber does --------------------------------------------------------------------

  /** Goes to the end of the queue. */
  final void yieldNow(ModelFiber me) {
    if (me.isInterrupted()) {
      return;
    }
    if (isUnwoundAgain(me)) {
      return;
    }
    me.push(
        () -> {
          me.pop();
          me.state = State.RUNNING;
          if (!isForced(me)) {
            me.give("ok");
            me.isInterrupted();
          }
        });
    me.state = State.READY;
    ready.add(me);
    dispatch();
  }

  private boolean isForced(ModelFiber me) {
    if (!me.forced) {
      return false;
    }
    me.forced = false;
    me.raise(unwinding(me));
    return true;
  }

  /**
   * Whether it is being unwound, and is told so again, as far as it hasn't been too often. As it
   * was about to suspend, what came from outside gets done before.
   */
  private boolean isUnwoundAgain(ModelFiber me) {
    if (me.unwinds > 0 && me.unwinds < MOST_UNWINDS) {
      me.unwinds++;
      poll();
      ready.remove(me); // it may have been woken
      me.state = State.RUNNING;
      me.raise(unwinding(me));
      return true;
    }
    me.unwinds = 0;
    return false;
  }

  private static Thrown unwinding(ModelFiber me) {
    return new Thrown(Sort.UNWINDING, "ForcedUnwind of " + me.label);
  }

  /**
   * Waits, in the places that were prepared.
   *
   * @param after goes on, unless the wait was interrupted
   */
  final void block(ModelFiber me, ModelWait wait, boolean cancellable, Runnable after) {
    if (isUnwoundAgain(me)) {
      wait.over = true;
      return;
    }
    me.wait = wait;
    me.cancellable = cancellable;
    me.state = State.WAITING;
    me.push(
        () -> {
          me.pop();
          me.state = State.RUNNING;
          me.wait = null;
          wait.over = true;
          if (isForced(me)) {
            return;
          }
          if (wait.endedBy == ModelWait.INTERRUPTION) {
            me.raise(me.takeInterruption());
          } else {
            after.run();
          }
        });
    dispatch();
  }

  /** Waits in one queue. */
  final void blockIn(
      ModelFiber me,
      ModelQueue queue,
      @Nullable Object given,
      boolean cancellable,
      Consumer<@Nullable Object> after) {
    ModelWait wait = new ModelWait(me);
    Place place = new Place(wait, 0, given);
    queue.add(place);
    block(me, wait, cancellable, () -> after.accept(place.got));
  }

  final void sleep(ModelFiber me, int millis) {
    if (millis == 0) {
      yieldNow(me);
    } else if (!me.isInterrupted()) {
      ModelWait wait = new ModelWait(me);
      setAlarm(me, wait, millis);
      block(me, wait, true, () -> me.give("ok"));
    }
  }

  /** Ends a wait at a time, unless something else has ended it before. */
  final void setAlarm(ModelFiber me, ModelWait wait, int millis) {
    ModelTimers.Timer timer = timers.set(millis, () -> endWait(wait, timers));
    me.push(
        () -> {
          me.pop();
          timers.remove(timer);
        });
  }

  /** Begins a time-out around what is pushed above. */
  final void inTime(ModelFiber me, int millis) {
    Deadline deadline = new Deadline(me);
    deadline.timer = timers.set(millis, () -> pass(me, deadline));
    me.deadline = deadline;
    me.push(
        () -> {
          me.pop();
          if (me.thrown instanceof ModelFiber.Cancellation cancelled && cancelled.why == deadline) {
            me.take();
            if (!me.isInterrupted()) {
              me.raise(new Thrown(Sort.UNCHECKED, "FiberTimeoutException"));
            }
          }
          timers.remove(deadline.timer);
          me.deadline = deadline.outer;
          if (me.interruption == deadline) {
            me.interruption = null;
          }
        });
  }

  /** A time-out around it that has passed, and has not been thrown yet, ends this one as well. */
  private void pass(ModelFiber fiber, Deadline deadline) {
    for (Deadline around = deadline.outer; around != null; around = around.outer) {
      if (fiber.interruption == around) {
        return;
      }
    }
    interrupt(fiber, deadline);
  }

  // ---- the lives of fibers ------------------------------------------------------------------

  final void cancel(ModelFiber fiber) {
    if (fiber.state == State.NEW) {
      end(fiber, State.CANCELLED, null);
    } else if (!fiber.isDone()) {
      interrupt(fiber, fiber);
    }
  }

  private void interrupt(ModelFiber fiber, Object why) {
    if (fiber.state == State.WAITING && fiber.cancellable) {
      endWait(Objects.requireNonNull(fiber.wait), ModelWait.INTERRUPTION);
    }
    if (fiber.interruption != fiber) {
      fiber.interruption = why;
    }
  }

  /** Takes a fiber in, unless it was cancelled before. */
  final void add(ModelFiber fiber) {
    if (!fiber.isDone()) {
      enqueue(fiber);
      live.add(fiber);
    }
  }

  /** Its body has ended. */
  final void bodyEnded(ModelFiber fiber) {
    if (!fiber.isThrowing()) {
      fiber.result = log.nextValue();
      log.add(fiber.label + ": returns " + fiber.result);
      end(fiber, State.SUCCEEDED, null);
    } else {
      Thrown thrown = fiber.take();
      log.add(fiber.label + ": ends by " + thrown);
      boolean cancelled =
          thrown instanceof ModelFiber.Cancellation cancellation
              ? cancellation.why == fiber
              : thrown.sort() == Sort.UNWINDING;
      end(fiber, cancelled ? State.CANCELLED : State.FAILED, cancelled ? null : thrown);
    }
    dispatch();
  }

  private void end(ModelFiber fiber, State outcome, @Nullable Thrown failure) {
    fiber.failure = failure;
    while (fiber.innermost != null) {
      fiber.innermost.abandon();
    }
    live.remove(fiber);
    fiber.state = outcome;
    if (!fiber.joiners.isEmpty()) {
      fiber.joiners.resumeAll(null);
      fiber.observed = true;
    }
    if (fiber.parent != null) {
      fiber.parent.ended(fiber);
    }
    fiber.atEnd.run();
    if (fiber.parent == null && outcome == State.FAILED) {
      failures.add(fiber);
      if (!fiber.observed) {
        log.add("handler: " + fiber.label + " " + failure);
        if (cancelOnFailure) {
          List.copyOf(live).forEach(this::cancel);
        }
      }
    }
  }

  /** What comes of a fiber that has ended, for who asks; null if it has succeeded. */
  final @Nullable Thrown outcome(ModelFiber fiber) {
    return switch (fiber.state) {
      case FAILED -> {
        fiber.observed = true;
        yield fiber.failedException();
      }
      case CANCELLED -> new Thrown(Sort.UNCHECKED, "CancellationException: cancelled");
      default -> null;
    };
  }

  /** Tells who asks what has come of a fiber. */
  final void tellOutcome(Strand caller, ModelFiber fiber) {
    Thrown thrown = outcome(fiber);
    if (thrown == null) {
      caller.give(fiber.result);
    } else {
      caller.raise(thrown);
    }
  }

  /** Throws the failures that nobody has joined; says whether there were any. */
  final boolean throwUnjoined() {
    Thrown first = null;
    for (ModelFiber failed : failures) {
      if (!failed.observed) {
        Thrown thrown = failed.failedException();
        if (first == null) {
          first = thrown;
        } else {
          first.addSuppressed(thrown);
        }
      }
    }
    failures.clear();
    if (first != null) {
      root.raise(first);
    }
    return first != null;
  }
}
