package dev.stackful.fuzz;

import dev.stackful.fuzz.FiberAction.Shared;
import dev.stackful.fuzz.FiberAction.Use.Verb;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What programs of fibers do, but for the runs of the runtime: those {@link ModelRuntime} knows.
 */
final class FiberModel extends FiberMachine {
  /** What who waits in a channel gets at its end. */
  static final Object END = new Object();

  final List<ModelFiber> all = new ArrayList<>();
  private final List<@Nullable ModelFiber> slots = new ArrayList<>();
  private final Map<Shared, ModelShared> shared = new HashMap<>();
  final ModelRuntime runtime = new ModelRuntime(this);
  final ModelOutside outside = new ModelOutside(this);
  private boolean used;

  FiberModel(Program program, Log actual) {
    super(program, actual);
    runBlock(current, program.main());
  }

  static Thrown illegalState(String reason) {
    return new Thrown(Sort.UNCHECKED, "IllegalStateException: " + reason);
  }

  static Thrown closed() {
    return new Thrown(Sort.UNCHECKED, "ChannelClosedException: closed");
  }

  @Override
  void perform(Strand caller, Action action) {
    switch ((FiberAction) action) {
      case FiberAction.Settings a -> {
        if (!used) {
          order = a.order();
          cancelOnFailure = a.cancelOnFailure();
        }
        caller.give("ok");
      }
      case FiberAction.Run a -> runtime.run(a);
      case FiberAction.CloseRuntime a -> runtime.close();
      case FiberAction.Spawn a -> spawn(caller, a);
      case FiberAction.Cancel a -> cancel(caller, slot(a.slot()));
      case FiberAction.Join a -> join(caller, slot(a.slot()), a.millis());
      case FiberAction.Look a -> caller.give(look());
      case FiberAction.UseEndpoint a -> outside.useEndpoint(caller, a);
      case FiberAction.Fork a -> fork(caller, a);
      case FiberAction.JoinScope a -> joinScope(caller, scope(caller, a.outwards()));
      case FiberAction.CloseScope a -> {
        ModelScope scope = scope(caller, a.outwards());
        if (scope == null) {
          caller.give("no scope");
        } else {
          caller.push(new ScopeClosing(caller, scope));
        }
      }
      case FiberAction.RunInside a -> caller.raise(illegalState("runs already"));
      default -> {
        ModelFiber me = fiber(caller);
        if (me == null) {
          refuse(caller, (FiberAction) action);
        } else {
          perform(me, (FiberAction) action);
        }
      }
    }
    used |= !(action instanceof FiberAction.Settings);
  }

  /** What is for fibers alone was asked for elsewhere. */
  private void refuse(Strand caller, FiberAction action) {
    Thrown failure = null;
    String value = "";
    if (action instanceof FiberAction.Use use) {
      switch (use.verb()) {
        case SEND, TRY_SEND, COMPLETE -> value = log.nextValue();
        case FAIL -> failure = newThrown(Sort.UNCHECKED);
        default -> {
          // it draws nothing
        }
      }
      boolean ends = use.verb() == Verb.COMPLETE || use.verb() == Verb.FAIL;
      if (ends && use.shared().kind() == Shared.Kind.FUTURE) {
        endFromOutside(caller, shared(use.shared()), value, failure);
        return;
      }
    } else if (action instanceof FiberAction.Block
        || action instanceof FiberAction.UseLocal local && local.sets()) {
      log.nextValue();
    } else if (action instanceof FiberAction.Select select) {
      for (FiberAction.Case one : select.cases()) {
        if (one instanceof FiberAction.OnShared on && on.sends()) {
          log.nextValue();
        }
      }
    }
    caller.raise(illegalState("not in a fiber"));
  }

  /** The fibers that await a future learn of it when the next is given a turn. */
  private void endFromOutside(
      Strand caller, ModelShared future, String value, @Nullable Thrown failure) {
    boolean first = !future.done;
    if (first) {
      future.value = value;
      future.failure = failure;
      future.done = true;
      inbound.add(() -> future.takers.resumeAllBackwards(null));
    }
    caller.give(Boolean.toString(first));
  }

  private void perform(ModelFiber me, FiberAction action) {
    switch (action) {
      case FiberAction.Sleep a -> sleep(me, a.millis());
      case FiberAction.SleepStubbornly a -> me.push(new Stubborn(me, a.times()));
      case FiberAction.Select a -> me.push(new ModelSelect(this, me, a));
      case FiberAction.Use a -> new ModelUse(this, me, a).begin();
      case FiberAction.Block a -> outside.block(me, a.millis());
      case FiberAction.UseLocal a -> {
        if (a.sets()) {
          me.locals[a.number()] = log.nextValue();
        }
        me.give(a.sets() ? "ok" : me.locals[a.number()]);
      }
      default -> throw new AssertionError(action);
    }
  }

  /** The fiber on whose stack the caller is, if it is on one. */
  static @Nullable ModelFiber fiber(Strand caller) {
    return caller instanceof ModelFiber fiber && fiber.outside == 0 ? fiber : null;
  }

  ModelShared shared(Shared is) {
    return shared.computeIfAbsent(is, made -> new ModelShared(this, made));
  }

  @Nullable ModelFiber slot(Slot slot) {
    int number = number(slot);
    return number < slots.size() ? slots.get(number) : null;
  }

  private int number(Slot slot) {
    return slot.in(slots, held -> !held.isDone(), ModelFiber::isDone);
  }

  // ---- fibers -------------------------------------------------------------------------------

  private void spawn(Strand caller, FiberAction.Spawn action) {
    if (runtime.isClosed() && fiber(caller) == null) {
      caller.raise(illegalState("closed"));
      return;
    }
    ModelFiber made = make(action.slot(), action.routine(), null, fiber(caller));
    if (fiber(caller) != null) {
      add(made);
    } else {
      inbound.add(() -> add(made));
    }
    caller.give(made.label);
  }

  private ModelFiber make(
      Slot into, int routine, @Nullable ModelScope parent, @Nullable ModelFiber spawner) {
    int slot = number(into);
    ModelFiber made = make(program.routines().get(routine), parent, spawner);
    while (slots.size() <= slot) {
      slots.add(null);
    }
    slots.set(slot, made);
    return made;
  }

  ModelFiber make(Block body, @Nullable ModelScope parent, @Nullable ModelFiber spawner) {
    ModelFiber made = new ModelFiber(this, "f" + (all.size() + 1), body, parent, spawner);
    all.add(made);
    return made;
  }

  private void cancel(Strand caller, @Nullable ModelFiber fiber) {
    if (fiber == null) {
      caller.give("nobody");
      return;
    }
    if (fiber(caller) != null) {
      cancel(fiber);
    } else {
      inbound.add(() -> cancel(fiber));
    }
    caller.give("ok");
  }

  private void join(Strand caller, @Nullable ModelFiber target, int millis) {
    ModelFiber me = fiber(caller);
    if (target == null) {
      caller.give("nobody");
    } else if (target.isDone()) {
      tellOutcome(caller, target);
    } else if (me == null) {
      caller.raise(illegalState("not in a fiber"));
    } else {
      if (millis > 0) {
        inTime(me, millis);
      }
      if (me == target) {
        me.raise(illegalState("itself"));
      } else if (!me.isInterrupted()) {
        blockIn(me, target.joiners, null, true, nothing -> tellOutcome(me, target));
      }
    }
  }

  private String look() {
    StringBuilder text = new StringBuilder("at " + timers.now + " ms: ");
    for (ModelFiber fiber : slots) {
      if (fiber != null) {
        text.append(fiber.label).append(' ').append(fiber.state).append(", ");
      }
    }
    return text.toString();
  }

  private final class Stubborn implements Strand.Frame {
    private final ModelFiber me;
    private int left;
    private int caught;

    Stubborn(ModelFiber me, int times) {
      this.me = me;
      this.left = times;
    }

    @Override
    public void step() {
      if (me.isThrowing() && Objects.requireNonNull(me.thrown).sort() == Sort.UNWINDING) {
        me.take();
        caught++;
      }
      if (me.isThrowing()) {
        me.pop();
      } else if (left == 0) {
        me.pop();
        me.give("caught " + caught);
      } else {
        left--;
        sleep(me, 1);
      }
    }
  }

  // ---- scopes -------------------------------------------------------------------------------

  /** The scope around a statement, in the text. */
  private static @Nullable ModelScope scope(Strand caller, int outwards) {
    int left = outwards;
    for (Strand.Frame frame : caller.frames) {
      if (frame instanceof ScopeBlock block && left-- == 0) {
        return block.scope;
      }
    }
    return null;
  }

  /** A block with a scope in a {@code try}-with-resources. */
  private final class ScopeBlock implements Strand.Frame {
    private final ModelFiber me;
    private final ModelScope scope;
    private boolean closing;
    private Strand.Signal before = Strand.Signal.NORMAL;
    private @Nullable Thrown primary;

    ScopeBlock(ModelFiber me, ModelScope scope) {
      this.me = me;
      this.scope = scope;
    }

    @Override
    public void step() {
      if (!closing) {
        closing = true;
        before = me.signal;
        primary = me.thrown;
        me.signal = Strand.Signal.NORMAL;
        me.thrown = null;
        me.push(new ScopeClosing(me, scope));
        return;
      }
      me.pop();
      Thrown byClose = me.isThrowing() ? me.take() : null;
      if (primary != null) {
        if (byClose != null) {
          primary.addSuppressed(byClose);
        }
        me.raise(primary);
      } else if (byClose != null) {
        me.raise(byClose);
      } else {
        me.signal = before;
      }
    }
  }

  /** The close of a scope. */
  private final class ScopeClosing implements Strand.Frame {
    private final Strand caller;
    private final ModelScope scope;
    private boolean begun;
    private boolean closingInner;
    private boolean unjoined;

    ScopeClosing(Strand caller, ModelScope scope) {
      this.caller = caller;
      this.scope = scope;
    }

    @Override
    public void step() {
      if (caller.isThrowing()) {
        boolean caught = closingInner && caller.thrown.toString().startsWith("IllegalState");
        if (!caught) {
          caller.pop();
          return;
        }
        caller.take();
        unjoined = true;
      }
      closingInner = false;
      if (!begun) {
        if (scope.closed) {
          caller.pop();
          caller.give("ok");
          return;
        }
        if (!owns(caller, scope)) {
          caller.pop();
          return;
        }
        begun = true;
      }
      if (scope.owner.innermost != scope) {
        closingInner = true;
        caller.push(new ScopeClosing(caller, Objects.requireNonNull(scope.owner.innermost)));
        return;
      }
      scope.cancel();
      if (!scope.forked.isEmpty()) {
        blockIn(scope.owner, scope.waiting, null, false, nothing -> {});
        return;
      }
      caller.pop();
      scope.abandon();
      if (unjoined || scope.needsJoin) {
        caller.raise(illegalState("not joined"));
      } else {
        caller.give("ok");
      }
    }
  }

  /** Whether the caller may use a scope; if not, throws. */
  private static boolean owns(Strand caller, ModelScope scope) {
    ModelFiber me = fiber(caller);
    if (me == null) {
      caller.raise(illegalState("not in a fiber"));
    } else if (me != scope.owner) {
      caller.raise(illegalState("not the owner"));
    } else if (scope.closed) {
      caller.raise(illegalState("closed"));
    } else {
      return true;
    }
    return false;
  }

  private void fork(Strand caller, FiberAction.Fork action) {
    ModelScope scope = scope(caller, action.outwards());
    if (scope == null) {
      caller.give("no scope");
    } else if (owns(caller, scope)) {
      if (scope.joined) {
        caller.raise(illegalState("joined"));
        return;
      }
      ModelFiber made = make(action.slot(), action.routine(), scope, scope.owner);
      add(made);
      scope.needsJoin = true;
      scope.forked.add(made);
      scope.all.add(made);
      if (scope.cancelled) {
        scope.cancel();
      }
      caller.give(made.label);
    }
  }

  private void joinScope(Strand caller, @Nullable ModelScope scope) {
    if (scope == null) {
      caller.give("no scope");
      return;
    }
    if (!owns(caller, scope)) {
      return;
    }
    if (scope.joined) {
      caller.raise(illegalState("joined"));
      return;
    }
    scope.needsJoin = false;
    ModelFiber me = scope.owner;
    if (me.isInterrupted()) {
      return;
    }
    if (!scope.forked.isEmpty() && !scope.cancelled) {
      blockIn(me, scope.waiting, null, true, nothing -> joined(scope));
    } else {
      joined(scope);
    }
  }

  private static void joined(ModelScope scope) {
    scope.joined = true;
    scope.stopTimer();
    scope.tellResult();
  }

  // ---- blocks -------------------------------------------------------------------------------

  @Override
  void within(Strand caller, Action bracket, Block body) {
    ModelFiber me = (ModelFiber) caller;
    switch ((FiberAction) bracket) {
      case FiberAction.InScope a -> {
        me.push(new ScopeBlock(me, new ModelScope(this, me, a)));
        runBlock(me, body);
      }
      case FiberAction.InTime a -> {
        inTime(me, a.millis());
        runBlock(me, body);
      }
      case FiberAction.WithLock a -> {
        ModelUse use =
            new ModelUse(this, me, new FiberAction.Use(FiberAction.Use.Verb.LOCK, a.shared(), 0));
        me.push(
            new Strand.Frame() {
              @Override
              public void step() {
                me.pop();
                if (!me.isThrowing()) {
                  me.push(use.unlocking());
                  runBlock(me, body);
                }
              }
            });
        use.begin();
      }
      case FiberAction.WithLocal a -> {
        String before = me.locals[a.number()];
        me.locals[a.number()] = log.nextValue();
        me.push(
            () -> {
              me.pop();
              me.locals[a.number()] = before;
            });
        runBlock(me, body);
      }
      case FiberAction.InCoroutine a -> {
        me.outside++;
        me.push(
            () -> {
              me.pop();
              me.outside--;
              if (me.isThrowing()) {
                me.raise(me.take().unchecked("CoroutineException"));
              }
            });
        runBlock(me, body);
      }
      default -> throw new AssertionError(bracket);
    }
  }

  @Override
  void ended(Strand strand) {
    if (strand instanceof ModelFiber fiber) {
      bodyEnded(fiber);
    } else {
      runtime.mainEnded();
    }
  }
}
