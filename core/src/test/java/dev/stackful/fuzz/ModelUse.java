package dev.stackful.fuzz;

import dev.stackful.fuzz.FiberAction.Use;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a fiber does with a channel, a lock or the like, in the model. */
final class ModelUse {
  private final FiberModel model;
  private final ModelFiber me;
  private final Use action;
  private final ModelShared with;

  ModelUse(FiberModel model, ModelFiber me, Use action) {
    this.model = model;
    this.me = me;
    this.action = action;
    this.with = model.shared(action.shared());
  }

  void begin() {
    switch (action.verb()) {
      case SEND -> send(model.log.nextValue());
      case SEND_NULL -> send("null");
      case RECEIVE -> {
        if (!me.isInterrupted()) {
          receive();
        }
      }
      case TRY_SEND -> {
        String value = model.log.nextValue();
        if (with.done) {
          me.raise(FiberModel.closed());
        } else {
          give(with.trySend(value));
        }
      }
      case TRY_RECEIVE -> me.give(with.canReceive() ? with.receive() : "nothing");
      case CLOSE -> {
        if (!with.done) {
          with.senders.resumeAll(FiberModel.END);
          with.takers.resumeAll(FiberModel.END);
          with.done = true;
        }
        me.give("ok");
      }
      case ITERATE -> me.push(new Iterating());
      case LOCK -> lock();
      case TRY_LOCK -> {
        if (isOwner()) {
          me.raise(FiberModel.illegalState("locked already"));
        } else {
          boolean free = with.owner == null;
          with.owner = free ? me : with.owner;
          give(free);
        }
      }
      case UNLOCK -> {
        if (requireOwner()) {
          with.handOver();
          me.give("ok");
        }
      }
      case AWAIT_CONDITION -> awaitCondition();
      case SIGNAL -> {
        if (requireOwner()) {
          with.condition.resumeFirst(null);
          me.give("ok");
        }
      }
      case SIGNAL_ALL -> {
        if (requireOwner()) {
          with.condition.resumeAll(null);
          me.give("ok");
        }
      }
      case ACQUIRE -> acquire();
      case TRY_ACQUIRE -> {
        boolean free = with.permits > 0;
        with.permits -= free ? 1 : 0;
        give(free);
      }
      case RELEASE -> {
        if (!with.takers.resumeFirst(null)) {
          with.permits++;
        }
        me.give("ok");
      }
      case AWAIT -> await();
      case COMPLETE -> give(with.end(model.log.nextValue(), null));
      case FAIL -> give(with.end("", model.newThrown(Sort.UNCHECKED)));
      case STATE -> me.give(state());
      case AWAIT_WITHIN -> {
        model.inTime(me, action.number());
        awaitValue();
      }
    }
  }

  private void give(boolean value) {
    me.give(Boolean.toString(value));
  }

  private String state() {
    return switch (action.shared().kind()) {
      case CHANNEL ->
          "closed %s, drained %s".formatted(with.done, with.done && with.held.isEmpty());
      case MUTEX -> "locked " + (with.owner != null);
      case SEMAPHORE -> with.permits + " permits";
      default -> "done " + with.done;
    };
  }

  // ---- channels -----------------------------------------------------------------------------

  private void send(String element) {
    if (me.isInterrupted()) {
      return;
    }
    if (with.done) {
      me.raise(FiberModel.closed());
    } else if (with.trySend(element)) {
      me.give("ok");
    } else {
      model.blockIn(
          me,
          with.senders,
          element,
          true,
          got -> {
            if (got == FiberModel.END) {
              me.raise(FiberModel.closed());
            } else {
              me.give("ok");
            }
          });
    }
  }

  private void receive() {
    receiveOrEnd(
        got -> {
          if (got == null) {
            me.raise(FiberModel.closed());
          } else {
            me.give(got);
          }
        });
  }

  /** What takes an element, or null for the end. */
  private interface Receiver {
    void receive(@Nullable String element);
  }

  private void receiveOrEnd(Receiver receiver) {
    if (with.canReceive()) {
      receiver.receive(with.receive());
    } else if (with.done) {
      receiver.receive(null);
    } else {
      model.blockIn(
          me,
          with.takers,
          null,
          true,
          got -> receiver.receive(got == FiberModel.END ? null : (String) got));
    }
  }

  /** A loop over a channel's iterator. */
  private final class Iterating implements Strand.Frame {
    private final List<String> taken = new ArrayList<>();
    private boolean ended;

    @Override
    public void step() {
      if (me.isThrowing()) {
        me.pop();
      } else if (ended || taken.size() == action.number()) {
        me.pop();
        me.give(taken + (ended ? " and the end" : ""));
      } else if (!me.isInterrupted()) {
        receiveOrEnd(
            got -> {
              ended = got == null;
              if (got != null) {
                taken.add(got);
              }
            });
      }
    }
  }

  // ---- mutexes ------------------------------------------------------------------------------

  private boolean isOwner() {
    return with.owner == me;
  }

  private boolean requireOwner() {
    if (!isOwner()) {
      me.raise(FiberModel.illegalState("not locked"));
    }
    return isOwner();
  }

  private void lock() {
    if (me.isInterrupted()) {
      return;
    }
    if (isOwner()) {
      me.raise(FiberModel.illegalState("locked already"));
    } else {
      relock(true);
    }
  }

  private void relock(boolean cancellable) {
    if (with.owner == null) {
      with.owner = me;
      me.give("ok");
    } else {
      model.blockIn(me, with.takers, me, cancellable, nothing -> me.give("ok"));
    }
  }

  /** Unlocks it after what is pushed above. */
  Strand.Frame unlocking() {
    return () -> {
      me.pop();
      if (isOwner()) {
        with.handOver();
      } else {
        me.thrown = null;
        me.raise(FiberModel.illegalState("not locked"));
      }
    };
  }

  private void awaitCondition() {
    if (!requireOwner() || me.isInterrupted()) {
      return;
    }
    with.handOver();
    me.push(new Relocking());
    model.blockIn(me, with.condition, null, true, nothing -> me.give("ok"));
  }

  /** Locks a mutex again, whatever the wait for its condition has come to. */
  private final class Relocking implements Strand.Frame {
    private boolean locking;
    private @Nullable Thrown thrown;

    @Override
    public void step() {
      if (!locking) {
        locking = true;
        thrown = me.isThrowing() ? me.take() : null;
        relock(false);
        return;
      }
      me.pop();
      if (!me.isThrowing() && thrown != null) {
        me.raise(thrown);
      }
    }
  }

  // ---- the others ---------------------------------------------------------------------------

  private void acquire() {
    if (me.isInterrupted()) {
      return;
    }
    if (with.permits > 0) {
      with.permits--;
      me.give("ok");
    } else {
      model.blockIn(me, with.takers, null, true, nothing -> me.give("ok"));
    }
  }

  private void await() {
    if (action.shared().kind() != FiberAction.Shared.Kind.BARRIER) {
      awaitValue();
      return;
    }
    if (me.isInterrupted()) {
      return;
    }
    int before = with.takers.size();
    if (before == with.is.size() - 1) {
      int place = 0;
      while (with.takers.resumeFirst(Integer.toString(place))) {
        place++;
      }
      me.give(Integer.toString(before));
    } else {
      model.blockIn(me, with.takers, null, true, place -> me.give((String) place));
    }
  }

  private void awaitValue() {
    if (me.isInterrupted()) {
      return;
    }
    if (with.done) {
      tellValue(me, with);
    } else {
      model.blockIn(me, with.takers, null, true, nothing -> tellValue(me, with));
    }
  }

  /** What comes of a value that has come, or of the exception in its place. */
  static void tellValue(ModelFiber me, ModelShared deferred) {
    if (deferred.failure == null) {
      me.give(deferred.value);
    } else {
      me.raise(new Thrown(Sort.UNCHECKED, "CompletionException", deferred.failure));
    }
  }
}
