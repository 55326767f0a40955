package dev.stackful.fuzz;

import dev.stackful.fuzz.FiberAction.OnJoin;
import dev.stackful.fuzz.FiberAction.OnShared;
import dev.stackful.fuzz.FiberAction.Shared;
import dev.stackful.fuzz.ModelWait.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A select of the model. Where several cases could be done, it does the one that the engine did.
 */
final class ModelSelect implements Strand.Frame {
  private final FiberModel model;
  private final ModelFiber me;
  private final FiberAction.Select action;
  private final List<Case> cases = new ArrayList<>();
  private boolean begun;
  private boolean done;
  private boolean alarmed;

  /** A case, with what it is about. */
  private record Case(
      int index,
      boolean sends,
      @Nullable ModelShared with,
      @Nullable ModelFiber fiber,
      @Nullable String element) {
    boolean isChannel() {
      return with != null && with.is.kind() == Shared.Kind.CHANNEL;
    }
  }

  ModelSelect(FiberModel model, ModelFiber me, FiberAction.Select action) {
    this.model = model;
    this.me = me;
    this.action = action;
    for (int i = 0; i < action.cases().size(); i++) {
      switch (action.cases().get(i)) {
        case OnShared on ->
            cases.add(
                new Case(
                    i,
                    on.sends(),
                    model.shared(on.shared()),
                    null,
                    on.sends() ? model.log.nextValue() : null));
        case OnJoin on -> {
          ModelFiber fiber = model.slot(on.slot());
          if (fiber != null) {
            cases.add(new Case(i, false, null, fiber, null));
          }
        }
      }
    }
  }

  @Override
  public void step() {
    if (done || me.isThrowing()) {
      me.pop();
      return;
    }
    if (!begun) {
      begun = true;
      if (cases.isEmpty() && action.millis() == 0 && !action.otherwise()) {
        end(() -> me.raise(FiberModel.illegalState("no case")));
        return;
      }
      for (Case one : cases) {
        if (isMutex(one) && Objects.requireNonNull(one.with).owner == me) {
          end(() -> me.raise(FiberModel.illegalState("locked already")));
          return;
        }
      }
    }
    if (!me.isInterrupted()) {
      choose();
    }
  }

  private void end(Runnable outcome) {
    done = true;
    outcome.run();
  }

  private static boolean isMutex(Case one) {
    return one.with != null && one.with.is.kind() == Shared.Kind.MUTEX;
  }

  private void choose() {
    List<Case> ready = new ArrayList<>();
    for (Case one : cases) {
      if (one.sends && Objects.requireNonNull(one.with).done) {
        end(() -> me.raise(FiberModel.closed()));
        return;
      }
      if (isReady(one)) {
        ready.add(one);
      }
    }
    if (!ready.isEmpty()) {
      Case chosen = hinted(ready);
      end(() -> perform(chosen));
    } else if (action.otherwise()) {
      end(() -> me.give("otherwise"));
    } else {
      await();
    }
  }

  private boolean isReady(Case one) {
    if (one.fiber != null) {
      return one.fiber.isDone();
    }
    ModelShared with = Objects.requireNonNull(one.with);
    return switch (with.is.kind()) {
      case CHANNEL -> one.sends ? with.canSend() : with.canReceive();
      case MUTEX -> with.owner == null;
      case SEMAPHORE -> with.permits > 0;
      default -> with.done;
    };
  }

  /** What the engine has chosen by chance, if that could be. */
  private Case hinted(List<Case> ready) {
    String hint = model.hint();
    for (Case one : ready) {
      if (hint.contains("-> case " + one.index + ":")) {
        return one;
      }
    }
    for (Case one : ready) {
      Thrown failure = failure(one);
      if (failure != null && hint.endsWith(" throws " + failure)) {
        return one;
      }
    }
    return ready.getFirst();
  }

  /** What a case that is ready throws. */
  private static @Nullable Thrown failure(Case one) {
    if (one.fiber != null) {
      return switch (one.fiber.state) {
        case FAILED -> one.fiber.failedException();
        case CANCELLED -> new Thrown(Sort.UNCHECKED, "CancellationException: cancelled");
        default -> null;
      };
    }
    return one.with != null && one.with.failure != null
        ? new Thrown(Sort.UNCHECKED, "CompletionException", one.with.failure)
        : null;
  }

  private void perform(Case chosen) {
    if (chosen.isChannel()) {
      ModelShared channel = Objects.requireNonNull(chosen.with);
      if (chosen.sends) {
        channel.trySend(Objects.requireNonNull(chosen.element));
        finish(chosen, null);
      } else {
        finish(chosen, channel.receive());
      }
      return;
    }
    if (isMutex(chosen)) {
      Objects.requireNonNull(chosen.with).owner = me;
    } else if (chosen.with != null && chosen.with.is.kind() == Shared.Kind.SEMAPHORE) {
      chosen.with.permits--;
    }
    finish(chosen, null);
  }

  /** It has been done: its action runs. */
  private void finish(Case chosen, @Nullable Object got) {
    String text = "case " + chosen.index + ": ";
    Thrown failure = failure(chosen);
    if (failure != null) {
      if (chosen.fiber != null) {
        chosen.fiber.observed = true;
      }
      me.raise(failure);
    } else if (chosen.fiber != null) {
      me.give(text + chosen.fiber.result);
    } else {
      ModelShared with = Objects.requireNonNull(chosen.with);
      switch (with.is.kind()) {
        case CHANNEL -> me.give(text + (chosen.sends ? "sent" : got));
        case MUTEX -> {
          with.handOver();
          me.give(text + "locked");
        }
        case SEMAPHORE -> {
          if (!with.takers.resumeFirst(null)) {
            with.permits++;
          }
          me.give(text + "acquired");
        }
        default -> me.give(text + with.value);
      }
    }
  }

  // ---- waiting ------------------------------------------------------------------------------

  private void await() {
    ModelWait wait = new ModelWait(me);
    List<Place> places = new ArrayList<>();
    for (Case one : cases) {
      boolean over = one.isChannel() && !one.sends && Objects.requireNonNull(one.with).done;
      if (!over) {
        Object given = isMutex(one) ? me : one.element;
        Place place = new Place(wait, one.index, given);
        places.add(place);
        queue(one).add(place);
      }
    }
    if (places.isEmpty() && action.millis() == 0) {
      end(() -> me.raise(new Thrown(Sort.UNCHECKED, "ChannelClosedException")));
      return;
    }
    if (action.millis() > 0) {
      setAlarm(wait);
    }
    model.block(me, wait, true, () -> resumed(wait));
  }

  /** The time counts from the beginning of the select. */
  private void setAlarm(ModelWait wait) {
    if (!alarmed) {
      alarmed = true;
      deadlineMillis = model.timers.now + action.millis();
    }
    model.setAlarm(me, wait, (int) (deadlineMillis - model.timers.now));
  }

  private long deadlineMillis;

  private ModelQueue queue(Case one) {
    if (one.fiber != null) {
      return one.fiber.joiners;
    }
    ModelShared with = Objects.requireNonNull(one.with);
    return one.sends ? with.senders : with.takers;
  }

  private void resumed(ModelWait wait) {
    if (!(wait.endedBy instanceof Place place)) {
      end(() -> me.give("timeout"));
      return;
    }
    Case chosen = cases.stream().filter(one -> one.index == place.index).findFirst().orElseThrow();
    if (place.got != FiberModel.END) {
      end(() -> finish(chosen, place.got));
    } else if (chosen.sends) {
      end(() -> me.raise(FiberModel.closed()));
    }
  }
}
