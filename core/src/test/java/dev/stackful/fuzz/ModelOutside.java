package dev.stackful.fuzz;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What fibers have to do with other threads, in the model. */
final class ModelOutside {
  private final FiberModel model;

  /** Those who wait outside. */
  private final Set<Integer> waiting = new HashSet<>();

  private int begun;

  ModelOutside(FiberModel model) {
    this.model = model;
  }

  /** How many wait outside. */
  int count() {
    return waiting.size();
  }

  void useEndpoint(Strand caller, FiberAction.UseEndpoint action) {
    String element = action.sends() ? model.log.nextValue() : "";
    if (model.runtime.isClosed() && !(caller instanceof ModelFiber)) {
      caller.raise(FiberModel.illegalState("closed"));
      return;
    }
    int number = ++begun;
    String name = "outside " + number;
    waiting.add(number);
    ModelShared channel = model.shared(action.channel());
    Consumer<@Nullable Object> told =
        got -> {
          waiting.remove(number);
          Object text = action.sends() ? "sent" : got;
          model.log.add(name + ": " + (got == FiberModel.END ? FiberModel.closed() : text));
        };
    Runnable operation =
        action.sends() ? () -> sendFor(channel, element, told) : () -> receiveFor(channel, told);
    if (FiberModel.fiber(caller) != null) {
      operation.run();
    } else {
      model.inbound.add(operation);
    }
    caller.give(name);
  }

  private void sendFor(ModelShared channel, String element, Consumer<@Nullable Object> told) {
    if (channel.done) {
      model.inbound.add(() -> told.accept(FiberModel.END));
    } else if (channel.canSend()) {
      model.inbound.add(() -> told.accept(null));
      channel.trySend(element);
    } else {
      channel.senders.add(new ModelWait.Place(new ModelWait(told), 0, element));
    }
  }

  private void receiveFor(ModelShared channel, Consumer<@Nullable Object> told) {
    if (channel.canReceive()) {
      String element = channel.receive();
      model.inbound.add(() -> told.accept(element));
    } else if (channel.done) {
      model.inbound.add(() -> told.accept(FiberModel.END));
    } else {
      channel.takers.add(new ModelWait.Place(new ModelWait(told), 0, null));
    }
  }

  void block(ModelFiber me, int millis) {
    me.push(new Blocking(me, millis));
  }

  /** What a fiber does that ends a blocking call after a time. */
  static Block sleep(int millis) {
    FiberAction sleep = new FiberAction.Sleep(millis);
    return new Block(List.of(new Statement.Do(0, sleep, /* guarded= */ true)));
  }

  /** A blocking call: an interruption of the fiber waits for its end. */
  private final class Blocking implements Strand.Frame {
    private final ModelFiber me;
    private final int millis;
    private final ModelQueue waiting = new ModelQueue(model);
    private String value = "";
    private boolean begun;
    private boolean runs;
    private boolean complete;
    private @Nullable Thrown interruption;

    Blocking(ModelFiber me, int millis) {
      this.me = me;
      this.millis = millis;
    }

    @Override
    public void step() {
      if (!begun) {
        begun = true;
        begin();
      } else if (me.thrown instanceof ModelFiber.Cancellation && !complete && runs) {
        interruption = interruption == null ? me.take() : interruption;
        model.blockIn(me, waiting, null, false, nothing -> {});
      } else {
        me.pop();
        if (!me.isThrowing()) {
          if (interruption == null) {
            me.give(value);
          } else {
            me.raise(interruption);
          }
        }
      }
    }

    private void begin() {
      value = model.log.nextValue();
      if (millis > 0) {
        ModelFiber releasing = model.make(sleep(millis), null, me);
        releasing.atEnd = this::release;
        model.add(releasing);
      }
      if (!me.isInterrupted()) {
        runs = true;
        if (millis == 0) {
          release();
        }
        model.blockIn(me, waiting, null, true, nothing -> {});
      }
    }

    private void release() {
      if (runs) {
        model.inbound.add(
            () -> {
              complete = true;
              waiting.resumeFirst(null);
            });
      }
    }
  }
}
