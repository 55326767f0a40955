package dev.stackful.fuzz;

import dev.stackful.Coroutine;
import dev.stackful.Coroutine.State;
import dev.stackful.Engine;
import dev.stackful.Yielder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all routines of a program of coroutines share while it runs. */
final class CoroutineRun {
  /** How often a coroutine that doesn't let itself be closed is tried, when all is over. */
  private static final int MOST_TRIES = 10;

  private static final int SMALL_STACK_BYTES = 128 * 1024;

  final Program program;
  final Log log;
  final Workers workers;
  private final Engine engine;
  private final List<Made> all = new ArrayList<>();
  private final List<@Nullable Made> slots = new ArrayList<>();

  /** A coroutine of the program. */
  static final class Made {
    final Coroutine<@Nullable String, @Nullable String> coroutine;

    /** What has leaked from its body. */
    @Nullable Yielder<@Nullable String, @Nullable String> yielder;

    @Nullable Thread thread;

    Made(Coroutine.Builder builder, CoroutineRun run, CoroutineAction.New action) {
      this.coroutine =
          builder.build(
              (self, first) ->
                  new CoroutineInterpreter(run, this, self)
                      .body(run.program.routines().get(action.routine()), first));
    }
  }

  CoroutineRun(Program program, Engine engine, Workers workers, Log log) {
    this.program = program;
    this.log = log;
    this.engine = engine;
    this.workers = workers;
  }

  /** Runs the program on the calling thread. */
  void run() throws Exception {
    CoroutineInterpreter main = new CoroutineInterpreter(this);
    try {
      main.run(program.main(), null);
      log.add("main: ends");
    } catch (Throwable t) {
      log.add("main: ends by " + Texts.of(t));
    }
    for (int number = 1; number <= all.size(); number++) {
      main.execute(new CoroutineAction.CloseNumber(number), /* guarded= */ true, null);
    }
    log.add("main: " + states());
    log.end();
    all.forEach(CoroutineRun::endForGood);
  }

  private static void endForGood(Made made) {
    for (int i = 0; i < MOST_TRIES && !made.coroutine.isDone(); i++) {
      try {
        made.coroutine.close();
      } catch (RuntimeException | Error e) {
        // once more
      }
    }
  }

  @Nullable Made slot(Slot slot) {
    int number = numberOf(slot);
    return number < slots.size() ? slots.get(number) : null;
  }

  private int numberOf(Slot slot) {
    return slot.in(
        slots,
        held -> held.coroutine.state() == State.NEW || held.coroutine.state() == State.SUSPENDED,
        held -> held.coroutine.isDone());
  }

  Made number(int number) {
    return all.get(number - 1);
  }

  String make(CoroutineAction.New action) {
    Coroutine.Builder builder =
        Coroutine.builder()
            .engine(action.otherEngine() ? Engines.other(engine) : engine)
            .name("c" + (all.size() + 1))
            .freshStack(action.fresh());
    if (action.small()) {
      builder.stackSize(SMALL_STACK_BYTES);
    }
    Made made = new Made(builder, this, action);
    all.add(made);
    int slot = numberOf(action.slot());
    while (slots.size() <= slot) {
      slots.add(null);
    }
    slots.set(slot, made);
    return made.coroutine.name();
  }

  String states() {
    StringBuilder text = new StringBuilder();
    for (Made made : slots) {
      if (made != null) {
        State state = made.coroutine.state();
        text.append(made.coroutine.name()).append(' ').append(state);
        if (made.coroutine.isDone() != (state == State.DONE)) {
          text.append(" but isDone() is ").append(made.coroutine.isDone());
        }
        text.append(", ");
      }
    }
    return text.toString();
  }
}
