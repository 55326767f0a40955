package dev.stackful.fuzz;

import dev.stackful.Coroutine.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What coroutines do, as their Javadoc says it. */
final class CoroutineModel extends Machine {
  /** How often a body that is being closed gets the unwinding. */
  private static final int MOST_UNWINDS = 100;

  /** What belongs to a thread, a coroutine's among them. */
  private static final class ThreadState {
    boolean interrupted;
  }

  private static final class Running extends Strand {
    /** The coroutine whose routine this runs, be it in another thread; null for the main one. */
    final @Nullable Modelled self;

    /** The coroutine whose thread this is. */
    final @Nullable Modelled identity;

    final ThreadState thread;

    /** Who waits for the end of this one, where it is a worker. */
    final @Nullable Running waiting;

    int locks;

    private Running(
        String label,
        @Nullable Modelled self,
        @Nullable Modelled identity,
        ThreadState thread,
        @Nullable Running waiting) {
      super(label, waiting == null ? null : waiting.caught());
      this.self = self;
      this.identity = identity;
      this.thread = thread;
      this.waiting = waiting;
    }
  }

  private static final class Modelled {
    final String name;
    final int routine;
    final boolean otherEngine;
    final Running strand;
    State state = State.NEW;

    /** Who resumed it, or the one that transferred to it, and so on. */
    @Nullable Running resumer;

    /** How often it was unwound, while it is being closed. */
    int unwinds;

    /** Whether its body has begun, and has a yielder that may have leaked. */
    boolean started;

    Modelled(String name, CoroutineAction.New made) {
      this.name = name;
      this.routine = made.routine();
      this.otherEngine = made.otherEngine();
      this.strand = new Running(name, this, this, new ThreadState(), null);
    }
  }

  private final List<Modelled> all = new ArrayList<>();
  private final List<@Nullable Modelled> slots = new ArrayList<>();
  private final List<ThreadState> workers = new ArrayList<>();
  private final List<Integer> busy = new ArrayList<>();
  private int closed;

  CoroutineModel(Program program) {
    super(program, new Running("main", null, null, new ThreadState(), null));
    for (int i = 0; i < Workers.COUNT; i++) {
      workers.add(new ThreadState());
    }
    runBlock(current, program.main());
  }

  @Override
  void perform(Strand strand, Action action) {
    Running caller = (Running) strand;
    switch ((CoroutineAction) action) {
      case CoroutineAction.New a -> make(caller, a);
      case CoroutineAction.Resume a -> resume(caller, a);
      case CoroutineAction.Raise a -> raise(caller, slot(a.slot()), newThrown(a.sort()));
      case CoroutineAction.RaiseCaught a -> raiseCaught(caller, slot(a.slot()));
      case CoroutineAction.RaiseNull a -> {
        if (slot(a.slot()) == null) {
          caller.give("nobody");
        } else {
          caller.raise(new Thrown(Sort.UNCHECKED, "NullPointerException"));
        }
      }
      case CoroutineAction.Close a -> close(caller, slot(a.slot()));
      case CoroutineAction.CloseNumber a -> close(caller, all.get(a.number() - 1));
      case CoroutineAction.Yield a -> {
        String value = a.withNull() ? "null" : log.nextValue();
        yieldBy(caller, caller.self, value);
      }
      case CoroutineAction.YieldByCurrent a -> {
        if (caller.identity == null) {
          caller.raise(new Thrown(Sort.UNCHECKED, "IllegalStateException: no body"));
        } else {
          yieldBy(caller, caller.identity, log.nextValue());
        }
      }
      case CoroutineAction.YieldThrough a -> {
        Modelled leaked = slot(a.slot());
        yieldBy(caller, leaked == null || !leaked.started ? null : leaked, log.nextValue());
      }
      case CoroutineAction.YieldStubbornly a -> {
        if (caller.self == null) {
          caller.give("no yielder");
        } else {
          caller.push(new Stubborn(caller, a.times()));
        }
      }
      case CoroutineAction.Transfer a -> transfer(caller, slot(a.slot()));
      case CoroutineAction.TransferToNull a ->
          caller.raise(new Thrown(Sort.UNCHECKED, "NullPointerException"));
      case CoroutineAction.States a -> caller.give(states());
      case CoroutineAction.Identity a -> caller.give(identity(caller));
      case CoroutineAction.Trace a -> caller.give(trace(slot(a.slot())));
      case CoroutineAction.Interrupt a -> {
        caller.thread.interrupted = true;
        caller.give("ok");
      }
      case CoroutineAction.InterruptSlot a -> interrupt(caller, slot(a.slot()));
      case CoroutineAction.TakeInterrupt a -> {
        caller.give(Boolean.toString(caller.thread.interrupted));
        caller.thread.interrupted = false;
      }
      case CoroutineAction.Locked a -> throw new AssertionError(a);
    }
  }

  private @Nullable Modelled slot(Slot slot) {
    int number = number(slot);
    return number < slots.size() ? slots.get(number) : null;
  }

  private int number(Slot slot) {
    return slot.in(
        slots,
        held -> held.state == State.NEW || held.state == State.SUSPENDED,
        held -> held.state == State.DONE);
  }

  private void make(Running caller, CoroutineAction.New action) {
    Modelled made = new Modelled("c" + (all.size() + 1), action);
    all.add(made);
    int slot = number(action.slot());
    while (slots.size() <= slot) {
      slots.add(null);
    }
    slots.set(slot, made);
    caller.give(made.name);
  }

  // ---- resuming -----------------------------------------------------------------------------

  private void resume(Running caller, CoroutineAction.Resume action) {
    Modelled target = slot(action.slot());
    if (target == null) {
      caller.give("nobody");
      return;
    }
    String value = action.withNull() ? "null" : log.nextValue();
    if (isResumable(caller, target)) {
      enter(caller, target);
      goOn(target, value);
    }
  }

  private void raiseCaught(Running caller, @Nullable Modelled target) {
    Thrown caught = caller.caught();
    if (caught == null
        || target == null
        || caught.toString().equals("ForcedUnwind of " + target.name)) {
      caller.give("nothing");
    } else {
      raise(caller, target, caught);
    }
  }

  private void raise(Running caller, @Nullable Modelled target, Thrown thrown) {
    if (target == null) {
      caller.give("nobody");
    } else if (target.state == State.NEW) {
      target.state = State.DONE;
      caller.raise(thrown.unchecked("CoroutineException"));
    } else if (isResumable(caller, target)) {
      enter(caller, target);
      goOnThrowing(target, thrown);
    }
  }

  private void close(Running caller, @Nullable Modelled target) {
    if (target == null) {
      caller.give("nobody");
    } else if (target.state == State.NEW || target.state == State.DONE) {
      target.state = State.DONE;
      caller.give("ok");
    } else if (isResumable(caller, target)) {
      caller.push(new Closing(caller, target));
      enter(caller, target);
      target.unwinds = 1;
      goOnThrowing(target, unwinding(target));
    }
  }

  /** Whether a coroutine may be resumed; if not, throws in the caller. */
  private static boolean isResumable(Running caller, Modelled target) {
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

  private void enter(Running caller, Modelled target) {
    if (caller.identity != null) {
      caller.identity.state = State.NORMAL;
    }
    target.resumer = caller;
  }

  /** The target runs on, with a value, from its beginning or from where it stands. */
  private void goOn(Modelled target, String value) {
    target.state = State.RUNNING;
    current = target.strand;
    if (!target.started) {
      target.started = true;
      log.add(target.name + ": starts with " + value);
      runBlock(target.strand, program.routines().get(target.routine));
    } else {
      target.strand.give(value);
    }
  }

  private void goOnThrowing(Modelled target, Thrown thrown) {
    target.state = State.RUNNING;
    current = target.strand;
    target.strand.raise(thrown);
  }

  /** Control goes back to who resumed a coroutine, which has given its place up. */
  private Running backFrom(Modelled coroutine, State state) {
    Running resumer = Objects.requireNonNull(coroutine.resumer);
    coroutine.resumer = null;
    coroutine.state = state;
    if (resumer.identity != null) {
      resumer.identity.state = State.RUNNING;
    }
    current = resumer;
    return resumer;
  }

  private static Thrown unwinding(Modelled coroutine) {
    return new Thrown(Sort.UNWINDING, "ForcedUnwind of " + coroutine.name);
  }

  /** Makes of what came out of a coroutine what close returns or throws. */
  private record Closing(Running caller, Modelled target) implements Strand.Frame {
    @Override
    public void step() {
      caller.pop();
      if (caller.isThrowing() && Objects.requireNonNull(caller.thrown).sort() == Sort.UNWINDING) {
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
  private static boolean isOwn(Running caller, @Nullable Modelled of) {
    if (of == null) {
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
  private static boolean isUnwoundAgain(Modelled coroutine) {
    if (coroutine.unwinds > 0 && coroutine.unwinds < MOST_UNWINDS) {
      coroutine.unwinds++;
      coroutine.strand.raise(unwinding(coroutine));
      return true;
    }
    return false;
  }

  private void yieldBy(Running caller, @Nullable Modelled of, String value) {
    if (isOwn(caller, of) && !isUnwoundAgain(of)) {
      of.unwinds = 0;
      backFrom(of, State.SUSPENDED).give(value);
    }
  }

  private void transfer(Running caller, @Nullable Modelled target) {
    Modelled self = caller.self;
    if (target == null) {
      caller.give("nobody");
      return;
    }
    String value = log.nextValue();
    if (!isOwn(caller, self) || isUnwoundAgain(self)) {
      return;
    }
    if (self.unwinds > 0) {
      self.unwinds = 0;
      backFrom(self, State.SUSPENDED).give("null");
    } else if (target.otherEngine != self.otherEngine) {
      caller.raise(new Thrown(Sort.UNCHECKED, "IllegalArgumentException"));
    } else if (isResumable(caller, target)) {
      target.resumer = self.resumer;
      self.resumer = null;
      self.state = State.SUSPENDED;
      goOn(target, value);
    }
  }

  private final class Stubborn implements Strand.Frame {
    private final Running caller;
    private int left;
    private int unwound;

    Stubborn(Running caller, int times) {
      this.caller = caller;
      this.left = times;
    }

    @Override
    public void step() {
      if (caller.isThrowing() && Objects.requireNonNull(caller.thrown).sort() == Sort.UNWINDING) {
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
        yieldBy(caller, caller.self, "stubborn");
      }
    }
  }

  // ---- looking ------------------------------------------------------------------------------

  private String states() {
    StringBuilder text = new StringBuilder();
    for (Modelled coroutine : slots) {
      if (coroutine != null) {
        text.append(coroutine.name).append(' ').append(coroutine.state).append(", ");
      }
    }
    return text.toString();
  }

  private static String identity(Running caller) {
    String name = caller.identity == null ? "none" : caller.identity.name;
    return "current %s, thread %s, local %s, interrupted %s, locked %s"
        .formatted(name, name, name, caller.thread.interrupted, caller.locks > 0);
  }

  private static String trace(@Nullable Modelled coroutine) {
    if (coroutine == null) {
      return "nobody";
    }
    boolean empty = coroutine.state == State.NEW || coroutine.state == State.DONE;
    return empty ? "empty" : "frames of the body";
  }

  private static void interrupt(Running caller, @Nullable Modelled target) {
    if (target != null && target.state != State.NEW && target.state != State.DONE) {
      target.strand.thread.interrupted = true;
    }
    caller.give("ok");
  }

  // ---- blocks and ends ----------------------------------------------------------------------

  @Override
  void within(Strand strand, Action bracket, Block body) {
    Running caller = (Running) strand;
    if (bracket instanceof Elsewhere elsewhere) {
      if (busy.contains(elsewhere.worker())) {
        log.add(caller.label + ": w" + elsewhere.worker() + " is busy");
        return;
      }
      busy.add(elsewhere.worker());
      Running worker =
          new Running(
              caller.label + "/w" + elsewhere.worker(),
              caller.self,
              null,
              workers.get(elsewhere.worker()),
              caller);
      runBlock(worker, body);
      current = worker;
    } else {
      caller.locks++;
      caller.push(
          () -> {
            caller.locks--;
            caller.pop();
          });
      runBlock(caller, body);
    }
  }

  @Override
  void ended(Strand strand) {
    Running running = (Running) strand;
    if (running.identity != null) {
      bodyEnded(running.identity);
    } else if (running.waiting != null) {
      busy.removeLast();
      current = running.waiting;
      current.signal = running.signal;
      current.thrown = running.thrown;
    } else {
      mainEnded(running);
    }
  }

  private void bodyEnded(Modelled coroutine) {
    Running strand = coroutine.strand;
    if (strand.isThrowing()) {
      Thrown thrown = strand.take();
      log.add(coroutine.name + ": ends by " + thrown);
      backFrom(coroutine, State.DONE).raise(thrown.unchecked("CoroutineException"));
    } else {
      String value = log.nextValue();
      log.add(coroutine.name + ": returns " + value);
      backFrom(coroutine, State.DONE).give(value);
    }
  }

  /** All that is left is closed, what is made meanwhile too. */
  private void mainEnded(Running main) {
    if (closed == 0) {
      log.add("main: ends" + (main.isThrowing() ? " by " + main.take() : ""));
    }
    if (closed < all.size()) {
      closed++;
      begin(main, new CoroutineAction.CloseNumber(closed), true);
    } else {
      log.add("main: " + states());
      stop();
    }
  }
}
