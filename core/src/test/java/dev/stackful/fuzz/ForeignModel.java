package dev.stackful.fuzz;

import dev.stackful.foreign.ForeignCoroutine.State;
import dev.stackful.fuzz.ForeignAction.Start.Flaw;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What programs of foreign coroutines do: a state for each, and the C functions as they are. */
final class ForeignModel extends Machine {

  private static final class Caller extends Strand {
    /** Whose thread it is: each body has one of its own. */
    final String thread;

    final @Nullable Caller waiting;
    final boolean isBody;

    Caller(String label, String thread, @Nullable Caller waiting, boolean isBody) {
      super(label, waiting == null ? null : waiting.caught());
      this.thread = thread;
      this.waiting = waiting;
      this.isBody = isBody;
    }
  }

  private static final class Modelled {
    final String name;

    /** The thread that it is confined to; null if it is shared. */
    final @Nullable String owner;

    State state = State.NEW;
    @Nullable ModelFunction function;

    /** The call in which C code waits. */
    ModelFunction.@Nullable Call pending;

    /** What is to be returned from it. */
    @Nullable String answer;

    String result = "";

    Modelled(String name, @Nullable String owner) {
      this.name = name;
      this.owner = owner;
    }
  }

  private final List<Modelled> all = new ArrayList<>();
  private final List<@Nullable Modelled> slots = new ArrayList<>();
  private final Set<String> busy = new HashSet<>();
  private int bodies;
  private int closed;

  ForeignModel(Program program) {
    super(program, new Caller("main", "main", null, false));
    runBlock(current, program.main());
  }

  @Override
  void perform(Strand strand, Action action) {
    Caller caller = (Caller) strand;
    switch ((ForeignAction) action) {
      case ForeignAction.New a -> make(caller, a);
      case ForeignAction.Start a -> start(caller, a);
      case ForeignAction.Resume a -> {
        Modelled target = slot(caller, a.slot());
        if (target != null && isUsable(caller, target)) {
          resume(caller, target);
        }
      }
      case ForeignAction.ResumeWith a -> {
        Modelled target = slot(caller, a.slot());
        if (target != null
            && isCalled(caller, target)
            && answer(caller, target, ForeignAction.Answer.Type.INTEGER, a.answer())) {
          resume(caller, target);
        }
      }
      case ForeignAction.Answer a -> {
        Modelled target = slot(caller, a.slot());
        if (target != null
            && isCalled(caller, target)
            && answer(caller, target, a.type(), a.value())) {
          caller.give("ok");
        }
      }
      case ForeignAction.GoOn a -> {
        Modelled target = slot(caller, a.slot());
        if (target != null && isCalled(caller, target)) {
          ForeignAction.Answer.Type wanted = Objects.requireNonNull(target.pending).returns();
          if (wanted == null || answer(caller, target, wanted, a.value())) {
            resume(caller, target);
          }
        }
      }
      case ForeignAction.AnswerYielder a -> {
        Modelled target = slot(caller, a.slot());
        if (target != null && isUsable(caller, target) && isOpen(caller, target)) {
          if (target.pending == null || !target.pending.isYield()) {
            caller.raise(illegalState("not pending"));
          } else {
            target.answer = Integer.toString(a.value());
            caller.give("ok");
          }
        }
      }
      case ForeignAction.Called a -> {
        Modelled target = slot(caller, a.slot());
        if (target != null && isCalled(caller, target)) {
          caller.give(Objects.requireNonNull(target.pending).toString());
        }
      }
      case ForeignAction.Result a -> {
        Modelled target = slot(caller, a.slot());
        if (target != null && isUsable(caller, target)) {
          if (target.state == State.DONE) {
            caller.give(target.result);
          } else {
            caller.raise(illegalState("no result"));
          }
        }
      }
      case ForeignAction.States a -> caller.give(states());
      case ForeignAction.Close a -> {
        Modelled target = slot(caller, a.slot());
        if (target != null) {
          close(caller, target);
        }
      }
      case ForeignAction.CloseNumber a -> close(caller, all.get(a.number() - 1));
      case ForeignAction.InBody a -> throw new AssertionError(a);
    }
  }

  private static Thrown illegalState(String reason) {
    return new Thrown(Sort.UNCHECKED, "IllegalStateException: " + reason);
  }

  /** What is in a slot; if nothing is, says so. */
  private @Nullable Modelled slot(Caller caller, Slot slot) {
    int number = number(slot);
    Modelled held = number < slots.size() ? slots.get(number) : null;
    if (held == null) {
      caller.give("nobody");
    }
    return held;
  }

  private int number(Slot slot) {
    return slot.in(
        slots, held -> held.state == State.SUSPENDED, held -> held.state != State.SUSPENDED);
  }

  private void make(Caller caller, ForeignAction.New action) {
    int slot = number(action.slot());
    Modelled made = new Modelled("k" + (all.size() + 1), action.shared() ? null : caller.thread);
    all.add(made);
    while (slots.size() <= slot) {
      slots.add(null);
    }
    slots.set(slot, made);
    caller.give(made.name);
  }

  private static boolean isUsable(Caller caller, Modelled target) {
    if (target.owner != null && !target.owner.equals(caller.thread)) {
      caller.raise(new Thrown(Sort.UNCHECKED, "WrongThreadException"));
      return false;
    }
    return true;
  }

  private static boolean isOpen(Caller caller, Modelled target) {
    if (target.state == State.CLOSED) {
      caller.raise(illegalState("closed"));
      return false;
    }
    return true;
  }

  /** Whether C code waits in a call; if not, throws. */
  private static boolean isCalled(Caller caller, Modelled target) {
    if (!isUsable(caller, target)) {
      return false;
    }
    if (target.pending == null) {
      caller.raise(illegalState("nothing pending"));
      return false;
    }
    return true;
  }

  private static void start(Caller caller, Modelled target, ForeignAction.Start action) {
    if (!isUsable(caller, target) || !isOpen(caller, target)) {
      return;
    }
    if (action.flaw() != Flaw.NONE) {
      caller.raise(new Thrown(Sort.UNCHECKED, "IllegalArgumentException"));
    } else if (target.state == State.SUSPENDED) {
      caller.raise(illegalState("suspended"));
    } else {
      target.state = State.SUSPENDED;
      target.function = ModelFunction.of(action.function(), action.size());
      caller.give("ok");
    }
  }

  private void start(Caller caller, ForeignAction.Start action) {
    Modelled target = slot(caller, action.slot());
    if (target != null) {
      start(caller, target, action);
    }
  }

  private static void resume(Caller caller, Modelled target) {
    String reason =
        switch (target.state) {
          case NEW -> "not started";
          case DONE -> "returned";
          case CLOSED -> "closed";
          default -> null;
        };
    if (reason != null) {
      caller.raise(illegalState(reason));
      return;
    }
    ModelFunction.Call pending = target.pending;
    if (pending != null && pending.mustBeAnswered() && target.answer == null) {
      caller.raise(illegalState("unanswered"));
      return;
    }
    ModelFunction function = Objects.requireNonNull(target.function);
    target.pending = function.goOn(target.answer == null ? "0" : target.answer);
    target.answer = null;
    if (target.pending == null) {
      target.state = State.DONE;
      target.result = function.result();
    }
    caller.give(Boolean.toString(target.pending != null));
  }

  private static boolean answer(
      Caller caller, Modelled target, ForeignAction.Answer.Type type, int value) {
    String answer = Objects.requireNonNull(target.pending).answer(type, value);
    if (answer == null) {
      caller.raise(new Thrown(Sort.UNCHECKED, "IllegalArgumentException"));
      return false;
    }
    target.answer = answer;
    return true;
  }

  private static void close(Caller caller, Modelled target) {
    if (isUsable(caller, target)) {
      end(target);
      caller.give("ok");
    }
  }

  private static void end(Modelled target) {
    target.state = State.CLOSED;
    target.pending = null;
  }

  private String states() {
    StringBuilder text = new StringBuilder();
    for (Modelled coroutine : slots) {
      if (coroutine != null) {
        text.append(coroutine.name).append(' ').append(coroutine.state).append(", ");
      }
    }
    return text.toString();
  }

  // ---- blocks and ends ----------------------------------------------------------------------

  @Override
  void within(Strand strand, Action bracket, Block body) {
    Caller caller = (Caller) strand;
    boolean isBody = bracket instanceof ForeignAction.InBody;
    String thread =
        bracket instanceof Elsewhere elsewhere ? "w" + elsewhere.worker() : "body " + ++bodies;
    if (busy.contains(thread)) {
      log.add(caller.label + ": " + thread + " is busy");
      return;
    }
    busy.add(thread);
    String label = caller.label + "/" + (isBody ? "body" : thread);
    current = new Caller(label, thread, caller, isBody);
    runBlock(current, body);
  }

  /** A block in another thread has ended: what is confined to that is closed. */
  @Override
  void ended(Strand strand) {
    Caller ended = (Caller) strand;
    Caller waiting = ended.waiting;
    if (waiting == null) {
      mainEnded(ended);
      return;
    }
    busy.remove(ended.thread);
    all.stream().filter(made -> ended.thread.equals(made.owner)).forEach(ForeignModel::end);
    current = waiting;
    if (!ended.isThrowing()) {
      return;
    }
    Thrown thrown = ended.take();
    waiting.raise(ended.isBody ? thrown.unchecked("CoroutineException") : thrown);
  }

  private void mainEnded(Strand main) {
    if (closed == 0) {
      log.add("main: ends" + (main.isThrowing() ? " by " + main.take() : ""));
    }
    if (closed < all.size()) {
      closed++;
      begin(main, new ForeignAction.CloseNumber(closed), true);
    } else {
      log.add("main: " + states());
      stop();
    }
  }
}
