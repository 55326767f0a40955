package dev.stackful.fuzz;

import dev.stackful.fiber.Fiber.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the thread does that runs the model's fibers. */
final class ModelRuntime {
  /** How often close cancels fibers before it unwinds them. */
  private static final int MOST_CANCELLATIONS = 100;

  private final FiberModel model;
  private boolean closed;
  private boolean ended;

  ModelRuntime(FiberModel model) {
    this.model = model;
  }

  boolean isClosed() {
    return closed;
  }

  private Strand root() {
    return model.root;
  }

  void run(FiberAction.Run action) {
    if (closed) {
      root().raise(FiberModel.illegalState("closed"));
      return;
    }
    switch (action.way()) {
      case RUN -> root().push(new Running(Long.MAX_VALUE));
      case RUN_FOR -> root().push(new Running(model.timers.now + action.millis()));
      case RUN_ROUND -> {
        root().push(this::stepped);
        model.poll();
        model.runInOrder(model.ready.size());
      }
      case RUN_READY -> {
        root().push(this::stepped);
        model.runReady(action.millis() == 0 ? 0 : Long.MAX_VALUE);
      }
    }
  }

  private boolean isDone() {
    return model.live.isEmpty() && model.inbound.isEmpty();
  }

  private void stepped() {
    root().pop();
    tellProgress();
  }

  private void tellProgress() {
    model.poll();
    if (!isDone()) {
      root().give(model.hasReady() ? "READY" : "WAITING");
    } else if (!model.throwUnjoined()) {
      root().give("DONE");
    }
  }

  /** The calls that wait: run, and runFor with a deadline. */
  private final class Running implements Strand.Frame {
    private final long deadlineMillis;
    private boolean begun;

    Running(long deadlineMillis) {
      this.deadlineMillis = deadlineMillis;
    }

    @Override
    public void step() {
      if (begun) {
        goOn();
      } else {
        begun = true;
        model.runReady(Long.MAX_VALUE);
      }
    }

    /** No fiber is ready. */
    private void goOn() {
      boolean forEver = deadlineMillis == Long.MAX_VALUE;
      if (isDone()) {
        root().pop();
        if (!forEver) {
          model.timers.now = Math.max(model.timers.now, deadlineMillis);
          tellProgress();
        } else if (!model.throwUnjoined()) {
          root().give("ok");
        }
      } else if (forEver && model.timers.isEmpty() && model.inbound.isEmpty()) {
        root().pop();
        root()
            .raise(
                new Thrown(
                    Sort.UNCHECKED,
                    "FiberDeadlockException of "
                        + model.live.stream().map(fiber -> fiber.label).toList()));
      } else if (forEver || model.timers.now < deadlineMillis) {
        if (model.inbound.isEmpty()) {
          model.timers.jump(deadlineMillis);
        }
        model.runReady(Long.MAX_VALUE);
      } else {
        model.poll();
        if (model.hasReady()) {
          model.runReady(Long.MAX_VALUE);
        } else {
          root().pop();
          tellProgress();
        }
      }
    }
  }

  // ---- the end ------------------------------------------------------------------------------

  void close() {
    if (closed) {
      root().give("ok");
      return;
    }
    closed = true;
    model.poll();
    root().push(new Closing());
  }

  private final class Closing implements Strand.Frame {
    private int cancellations;
    private @Nullable List<ModelFiber> toUnwind;
    private @Nullable ModelFiber unwound;
    private @Nullable Thrown refusal;

    @Override
    public void step() {
      if (cancellations < MOST_CANCELLATIONS && !isDone()) {
        for (ModelFiber fiber : List.copyOf(model.live)) {
          if (cancellations == 0 || fiber.state == State.WAITING) {
            model.cancel(fiber);
          }
        }
        cancellations++;
        model.runInOrder(Long.MAX_VALUE);
        return;
      }
      if (toUnwind == null) {
        toUnwind = new ArrayList<>(model.live);
      }
      noteRefusal();
      while (!toUnwind.isEmpty()) {
        ModelFiber fiber = toUnwind.removeFirst();
        if (fiber.state == State.NEW) {
          model.cancel(fiber);
        } else if (!fiber.isDone()) {
          model.turnsLeft = 0;
          fiber.unwinds = 1;
          unwound = fiber;
          fiber.forced = true;
          model.current = fiber;
          return;
        }
      }
      root().pop();
      do {
        model.poll();
      } while (!model.inbound.isEmpty());
      List.copyOf(model.live).stream()
          .filter(fiber -> fiber.state == State.NEW)
          .forEach(model::cancel);
      if (model.throwUnjoined()) {
        if (refusal != null) {
          Objects.requireNonNull(root().thrown).addSuppressed(refusal);
        }
      } else if (refusal != null) {
        root().raise(refusal);
      } else {
        root().give("ok");
      }
    }

    /** One that was unwound and has not ended refuses to end. */
    private void noteRefusal() {
      if (unwound != null && !unwound.isDone()) {
        Thrown why = FiberModel.illegalState("went on yielding");
        Thrown refused = new Thrown(Sort.UNCHECKED, "IllegalStateException", why);
        if (refusal == null) {
          refusal = refused;
        } else {
          refusal.addSuppressed(refused);
        }
      }
      unwound = null;
    }
  }

  /** The runtime is closed, and then it is over. */
  void mainEnded() {
    if (ended) {
      StringBuilder states = new StringBuilder();
      model.all.forEach(
          fiber -> states.append(fiber.label).append(' ').append(fiber.state).append(", "));
      model.log.add("main: " + states + model.outside.count() + " outside");
      model.stop();
      return;
    }
    ended = true;
    model.log.add("main: ends" + (root().isThrowing() ? " by " + root().take() : ""));
    model.begin(root(), new FiberAction.CloseRuntime(), true);
  }
}
