package dev.stackful.fuzz;

import dev.stackful.Coroutine.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What programs of generators do: each element goes through a list. */
final class GeneratorModel extends CoroutineMachine {

  /** One iteration. */
  final class Iteration implements ModelSource {
    private final ModelCoroutine coroutine;
    private final int bufferSize;

    /** What the body has handed out and the iterator doesn't have yet. */
    private final Deque<String> yielded = new ArrayDeque<>();

    private final Deque<String> available = new ArrayDeque<>();
    private boolean ended;
    private @Nullable Thrown failure;

    /** Whether the program has seen its end. */
    private boolean over;

    /** Whether it is a stream's, which closes it once. */
    private boolean ofStream;

    private Iteration(String name, GeneratorAction.Recipe recipe) {
      this.bufferSize = recipe.buffer();
      this.coroutine =
          new ModelCoroutine(
              name,
              recipe.otherEngine(),
              body -> runBlock(body.thread, program.routines().get(recipe.routine())));
      iterations.put(coroutine, this);
    }

    @Override
    public void ask(ModelThread caller) {
      if (!available.isEmpty()) {
        caller.give("true");
      } else if (ended) {
        tell(caller);
      } else {
        caller.push(new Filling(caller, this));
        resume(caller, coroutine, "nothing");
      }
    }

    /** Nothing more will come of the body than there is. */
    private void tell(ModelThread caller) {
      Thrown thrown = failure;
      if (available.isEmpty() && thrown != null) {
        failure = null;
        caller.raise(thrown);
      } else {
        caller.give(Boolean.toString(!available.isEmpty()));
      }
    }

    @Override
    public void take(ModelThread caller) {
      caller.give(available.remove());
    }

    @Override
    public void closeBy(ModelThread caller) {
      ended = true;
      available.clear();
      yielded.clear();
      failure = null;
      close(caller, coroutine);
    }

    @Override
    public boolean isCloseable() {
      return true;
    }
  }

  /** The iteration's caller waits for its body to fill the buffer or to end. */
  private static final class Filling implements Strand.Frame {
    private final ModelThread caller;
    private final Iteration iteration;
    private boolean closing;

    Filling(ModelThread caller, Iteration iteration) {
      this.caller = caller;
      this.iteration = iteration;
    }

    @Override
    public void step() {
      if (closing) {
        caller.pop();
        if (!caller.isThrowing()) {
          caller.give("false");
        }
        return;
      }
      boolean refused = caller.isThrowing() && iteration.coroutine.state != State.DONE;
      if (refused) {
        caller.pop();
      } else if (iteration.ended) { // closed by its own body
        closing = true;
        if (!caller.isThrowing()) {
          iteration.closeBy(caller);
        }
      } else {
        caller.pop();
        iteration.failure = caller.isThrowing() ? caller.take() : null;
        iteration.ended = iteration.coroutine.state == State.DONE;
        iteration.available.addAll(iteration.yielded);
        iteration.yielded.clear();
        iteration.tell(caller);
      }
    }
  }

  private final Map<ModelCoroutine, Iteration> iterations = new HashMap<>();
  private final List<Iteration> all = new ArrayList<>();
  private final List<@Nullable Iteration> slots = new ArrayList<>();
  private int closed;
  private boolean asked = true;

  GeneratorModel(Program program) {
    super(program);
  }

  @Override
  void perform(ModelThread caller, Action action) {
    switch ((GeneratorAction) action) {
      case GeneratorAction.Open a -> open(caller, a);
      case GeneratorAction.HasNext a -> hasNext(caller, slot(a.slot()));
      case GeneratorAction.Next a -> element(caller, slot(a.slot()), /* takes= */ true);
      case GeneratorAction.Peek a -> element(caller, slot(a.slot()), /* takes= */ false);
      case GeneratorAction.Take a -> take(caller, slot(a.slot()), a.most());
      case GeneratorAction.Close a -> closeIteration(caller, slot(a.slot()));
      case GeneratorAction.CloseNumber a -> {
        Iteration closed = all.get(a.number() - 1);
        closeIteration(caller, closed.ofStream ? null : closed);
      }
      case GeneratorAction.HasNextNumber a -> all.get(a.number() - 1).ask(caller);
      case GeneratorAction.TakeFromStream a -> {
        Iteration made = make(a.recipe());
        made.ofStream = true;
        caller.push(ModelDrain.into(caller, made, a.most(), /* closes= */ true));
      }
      case GeneratorAction.Yield a ->
          yieldBy(caller, own(caller), a.withNull() ? "null" : log.nextValue());
      case GeneratorAction.YieldByCurrent a -> {
        if (caller.identity == null) {
          caller.raise(new Thrown(Sort.UNCHECKED, "IllegalStateException: no body"));
        } else {
          yieldBy(caller, iterations.get(caller.identity), log.nextValue());
        }
      }
      case GeneratorAction.YieldThrough a -> yieldBy(caller, slot(a.slot()), log.nextValue());
      case GeneratorAction.YieldStubbornly a ->
          caller.push(
              new Stubborn(caller, a.times(), () -> yieldBy(caller, own(caller), "stubborn")));
      case GeneratorAction.YieldAllOfNull a ->
          caller.raise(new Thrown(Sort.UNCHECKED, "NullPointerException"));
      case GeneratorAction.YieldList a -> {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
          values.add(log.nextValue());
        }
        yieldAll(caller, () -> new ModelList(values));
      }
      case GeneratorAction.YieldGenerator a -> {
        if (isOwn(caller, caller.self)) {
          caller.push(new InPlace(caller));
          runBlock(caller, program.routines().get(a.recipe().routine()));
        }
      }
      case GeneratorAction.YieldIterator a -> yieldAll(caller, () -> make(a.recipe()));
      case GeneratorAction.YieldSlot a -> {
        Iteration left = slot(a.slot());
        if (left == null) {
          caller.give("nobody");
        } else {
          yieldAll(caller, () -> left);
        }
      }
      case GeneratorAction.YieldSource a -> yieldAll(caller, () -> new ModelFailing(this, a));
      case GeneratorAction.ResumeCurrent a -> {
        if (caller.identity == null) {
          caller.give("none");
        } else {
          caller.raise(new Thrown(Sort.UNCHECKED, "NotResumableException: owned"));
        }
      }
      case GeneratorAction.CurrentYielder a ->
          caller.raise(
              new Thrown(
                  Sort.UNCHECKED,
                  "IllegalStateException: " + (caller.identity == null ? "no body" : "owned")));
      case GeneratorAction.Identity a -> {
        String name = caller.identity == null ? "none" : caller.identity.name;
        caller.give("current " + name + ", thread " + name);
      }
    }
  }

  private @Nullable Iteration slot(Slot slot) {
    int number = number(slot);
    return number < slots.size() ? slots.get(number) : null;
  }

  private int number(Slot slot) {
    return slot.in(slots, held -> !held.over, held -> held.over);
  }

  private @Nullable Iteration own(ModelThread caller) {
    return caller.self == null ? null : iterations.get(caller.self);
  }

  private Iteration make(GeneratorAction.Recipe recipe) {
    Iteration made = new Iteration("g" + (all.size() + 1), recipe);
    all.add(made);
    return made;
  }

  private void open(ModelThread caller, GeneratorAction.Open action) {
    int slot = number(action.slot());
    Iteration made = make(action.recipe());
    while (slots.size() <= slot) {
      slots.add(null);
    }
    slots.set(slot, made);
    caller.give(made.coroutine.name);
  }

  // ---- taking -------------------------------------------------------------------------------

  private static void hasNext(ModelThread caller, @Nullable Iteration iteration) {
    if (iteration == null) {
      caller.give("nobody");
      return;
    }
    caller.push(
        () -> {
          caller.pop();
          iteration.over = caller.isThrowing() || caller.value.equals("false");
        });
    iteration.ask(caller);
  }

  private static void element(ModelThread caller, @Nullable Iteration iteration, boolean takes) {
    if (iteration == null) {
      caller.give("nobody");
      return;
    }
    caller.push(
        () -> {
          caller.pop();
          if (!caller.isThrowing() && caller.value.equals("false")) {
            caller.raise(new Thrown(Sort.UNCHECKED, "NoSuchElementException"));
          }
          iteration.over = caller.isThrowing();
          if (caller.isThrowing()) {
            return;
          }
          caller.give(iteration.available.element());
          if (takes) {
            iteration.available.remove();
          }
        });
    iteration.ask(caller);
  }

  private static void take(ModelThread caller, @Nullable Iteration iteration, int most) {
    if (iteration == null) {
      caller.give("nobody");
      return;
    }
    caller.push(
        () -> {
          caller.pop();
          iteration.over = caller.isThrowing();
        });
    caller.push(ModelDrain.into(caller, iteration, most, /* closes= */ false));
  }

  private static void closeIteration(ModelThread caller, @Nullable Iteration iteration) {
    if (iteration == null) {
      caller.give("nobody");
    } else {
      iteration.over = true;
      iteration.closeBy(caller);
    }
  }

  // ---- yielding -----------------------------------------------------------------------------

  private void yieldBy(ModelThread caller, @Nullable Iteration iteration, String value) {
    if (iteration == null) {
      caller.give("no yielder");
    } else if (isOwn(caller, iteration.coroutine) && !isUnwoundAgain(iteration.coroutine)) {
      boolean dropped = iteration.ended || iteration.coroutine.unwinds > 0;
      if (!dropped) {
        iteration.yielded.add(value);
      }
      if (dropped || iteration.yielded.size() == iteration.bufferSize) {
        suspend(iteration.coroutine, "nothing");
      } else {
        caller.give("nothing");
      }
    }
  }

  /** How a source is made, once it is known that the body may yield. */
  private interface SourceMaker {
    ModelSource make();
  }

  private void yieldAll(ModelThread caller, SourceMaker maker) {
    Iteration own = own(caller);
    if (own != null && isOwn(caller, own.coroutine)) {
      caller.push(ModelDrain.by(caller, maker.make(), element -> yieldBy(caller, own, element)));
    }
  }

  /** A nested generator's body: its return is not the routine's around it. */
  private record InPlace(ModelThread caller) implements Strand.Frame, Strand.Routine {
    @Override
    public void step() {
      caller.pop();
      if (caller.isThrowing()) {
        caller.raise(caller.take().unchecked("CoroutineException"));
      } else {
        caller.give("nothing");
      }
    }
  }

  // ---- ends ---------------------------------------------------------------------------------

  @Override
  String returned(ModelCoroutine coroutine) {
    return "nothing";
  }

  /** All that is left is closed, what is made meanwhile too. */
  @Override
  void mainEnded(ModelThread main) {
    if (closed == 0 && asked) {
      log.add("main: ends" + (main.isThrowing() ? " by " + main.take() : ""));
    }
    if (!asked) {
      asked = true;
      begin(main, new GeneratorAction.HasNextNumber(closed), true);
    } else if (closed < all.size()) {
      closed++;
      asked = false;
      begin(main, new GeneratorAction.CloseNumber(closed), true);
    } else {
      log.add("main: all over");
      stop();
    }
  }
}
