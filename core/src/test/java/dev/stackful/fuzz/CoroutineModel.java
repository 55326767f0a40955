package dev.stackful.fuzz;

import dev.stackful.Coroutine.State;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What programs of coroutines do. */
final class CoroutineModel extends CoroutineMachine {
  private final List<ModelCoroutine> all = new ArrayList<>();
  private final List<@Nullable ModelCoroutine> slots = new ArrayList<>();
  private int closed;

  CoroutineModel(Program program) {
    super(program);
  }

  @Override
  void perform(ModelThread caller, Action action) {
    switch ((CoroutineAction) action) {
      case CoroutineAction.New a -> make(caller, a);
      case CoroutineAction.Resume a -> {
        ModelCoroutine target = slot(a.slot());
        if (target == null) {
          caller.give("nobody");
        } else {
          resume(caller, target, a.withNull() ? "null" : log.nextValue());
        }
      }
      case CoroutineAction.Raise a -> raiseIn(caller, slot(a.slot()), newThrown(a.sort()));
      case CoroutineAction.RaiseCaught a -> raiseCaught(caller, slot(a.slot()));
      case CoroutineAction.RaiseNull a -> {
        if (slot(a.slot()) == null) {
          caller.give("nobody");
        } else {
          caller.raise(new Thrown(Sort.UNCHECKED, "NullPointerException"));
        }
      }
      case CoroutineAction.Close a -> {
        ModelCoroutine target = slot(a.slot());
        if (target == null) {
          caller.give("nobody");
        } else {
          close(caller, target);
        }
      }
      case CoroutineAction.CloseNumber a -> close(caller, all.get(a.number() - 1));
      case CoroutineAction.Yield a ->
          yieldBy(caller, caller.self, a.withNull() ? "null" : log.nextValue());
      case CoroutineAction.YieldByCurrent a -> {
        if (caller.identity == null) {
          caller.raise(new Thrown(Sort.UNCHECKED, "IllegalStateException: no body"));
        } else {
          yieldBy(caller, caller.identity, log.nextValue());
        }
      }
      case CoroutineAction.YieldThrough a -> yieldBy(caller, slot(a.slot()), log.nextValue());
      case CoroutineAction.YieldStubbornly a -> {
        if (caller.self == null) {
          caller.give("no yielder");
        } else {
          caller.push(
              new Stubborn(caller, a.times(), () -> yieldBy(caller, caller.self, "stubborn")));
        }
      }
      case CoroutineAction.Transfer a -> transfer(caller, slot(a.slot()));
      case CoroutineAction.TransferToNull a ->
          caller.raise(new Thrown(Sort.UNCHECKED, "NullPointerException"));
      case CoroutineAction.States a -> caller.give(states());
      case CoroutineAction.Identity a -> caller.give(identity(caller));
      case CoroutineAction.Trace a -> caller.give(trace(slot(a.slot())));
      case CoroutineAction.Interrupt a -> {
        caller.interrupt.set = true;
        caller.give("ok");
      }
      case CoroutineAction.InterruptSlot a -> interrupt(caller, slot(a.slot()));
      case CoroutineAction.TakeInterrupt a -> {
        caller.give(Boolean.toString(caller.interrupt.set));
        caller.interrupt.set = false;
      }
      case CoroutineAction.Locked a -> throw new AssertionError(a);
    }
  }

  private @Nullable ModelCoroutine slot(Slot slot) {
    int number = number(slot);
    return number < slots.size() ? slots.get(number) : null;
  }

  private int number(Slot slot) {
    return slot.in(
        slots,
        held -> held.state == State.NEW || held.state == State.SUSPENDED,
        held -> held.state == State.DONE);
  }

  private void make(ModelThread caller, CoroutineAction.New action) {
    ModelCoroutine made =
        new ModelCoroutine(
            "c" + (all.size() + 1),
            action.otherEngine(),
            coroutine -> runBlock(coroutine.thread, program.routines().get(action.routine())));
    all.add(made);
    int slot = number(action.slot());
    while (slots.size() <= slot) {
      slots.add(null);
    }
    slots.set(slot, made);
    caller.give(made.name);
  }

  private void raiseCaught(ModelThread caller, @Nullable ModelCoroutine target) {
    Thrown caught = caller.caught();
    if (caught == null
        || target == null
        || caught.toString().equals("ForcedUnwind of " + target.name)) {
      caller.give("nothing");
    } else {
      raise(caller, target, caught);
    }
  }

  private void raiseIn(ModelThread caller, @Nullable ModelCoroutine target, Thrown thrown) {
    if (target == null) {
      caller.give("nobody");
    } else {
      raise(caller, target, thrown);
    }
  }

  private void yieldBy(ModelThread caller, @Nullable ModelCoroutine of, String value) {
    if (isOwn(caller, of) && !isUnwoundAgain(of)) {
      suspend(of, value);
    }
  }

  private void transfer(ModelThread caller, @Nullable ModelCoroutine target) {
    ModelCoroutine self = caller.self;
    if (target == null) {
      caller.give("nobody");
      return;
    }
    String value = log.nextValue();
    if (!isOwn(caller, self) || isUnwoundAgain(self)) {
      return;
    }
    if (self.unwinds > 0) {
      suspend(self, "null"); // given up: it goes nowhere else
    } else if (target.otherEngine != self.otherEngine) {
      caller.raise(new Thrown(Sort.UNCHECKED, "IllegalArgumentException"));
    } else if (isResumable(caller, target)) {
      target.resumer = self.resumer;
      self.resumer = null;
      self.state = State.SUSPENDED;
      goOn(target, value);
    }
  }

  // ---- looking ------------------------------------------------------------------------------

  private String states() {
    StringBuilder text = new StringBuilder();
    for (ModelCoroutine coroutine : slots) {
      if (coroutine != null) {
        text.append(coroutine.name).append(' ').append(coroutine.state).append(", ");
      }
    }
    return text.toString();
  }

  private static String identity(ModelThread caller) {
    String name = caller.identity == null ? "none" : caller.identity.name;
    return "current %s, thread %s, local %s, interrupted %s, locked %s"
        .formatted(name, name, name, caller.interrupt.set, caller.locks > 0);
  }

  private static String trace(@Nullable ModelCoroutine coroutine) {
    if (coroutine == null) {
      return "nobody";
    }
    boolean empty = coroutine.state == State.NEW || coroutine.state == State.DONE;
    return empty ? "empty" : "frames of the body";
  }

  private static void interrupt(ModelThread caller, @Nullable ModelCoroutine target) {
    if (target != null && target.state != State.NEW && target.state != State.DONE) {
      target.thread.interrupt.set = true;
    }
    caller.give("ok");
  }

  // ---- ends ---------------------------------------------------------------------------------

  @Override
  String returned(ModelCoroutine coroutine) {
    return log.nextValue();
  }

  /** All that is left is closed, what is made meanwhile too. */
  @Override
  void mainEnded(ModelThread main) {
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
