package dev.stackful.fuzz;

import dev.stackful.Engine;
import dev.stackful.foreign.ForeignCallback;
import dev.stackful.foreign.ForeignCoroutine;
import dev.stackful.foreign.ForeignCoroutine.State;
import dev.stackful.testing.CompiledC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all blocks of a program of foreign coroutines share while it runs. */
final class ForeignRun {
  private static final SymbolLookup LIBRARY = CompiledC.lookup();

  final Program program;
  final Log log;
  final Workers workers;
  final Engine engine;
  final Arena arena = Arena.ofShared();
  private final List<Made> all = new ArrayList<>();
  private final List<@Nullable Made> slots = new ArrayList<>();

  /** A foreign coroutine of the program. */
  static final class Made {
    final String name;
    final ForeignCoroutine coroutine;

    /** The thread that it is confined to; null if it is shared. */
    final @Nullable Thread owner;

    final Map<String, ForeignCallback> callbacks = new HashMap<>();

    Made(String name, ForeignCoroutine coroutine, @Nullable Thread owner) {
      this.name = name;
      this.coroutine = coroutine;
      this.owner = owner;
    }

    /** A callback of that name, which is made but once. */
    ForeignCallback callback(String callback) {
      return callbacks.computeIfAbsent(
          callback, key -> coroutine.callback(ForeignFunction.CALLBACKS.get(key)));
    }

    String nameOf(ForeignCallback called) {
      return callbacks.entrySet().stream()
          .filter(entry -> entry.getValue() == called)
          .map(Map.Entry::getKey)
          .findFirst()
          .orElse("yielder");
    }
  }

  ForeignRun(Program program, Engine engine, Workers workers, Log log) {
    this.program = program;
    this.engine = engine;
    this.workers = workers;
    this.log = log;
  }

  /** Runs the program on the calling thread. */
  void run() throws Exception {
    ForeignInterpreter main = new ForeignInterpreter(this, "main");
    try {
      main.run(program.main(), null);
      log.add("main: ends");
    } catch (Throwable t) {
      log.add("main: ends by " + Texts.of(t));
    }
    for (int number = 1; number <= all.size(); number++) {
      main.execute(new ForeignAction.CloseNumber(number), /* guarded= */ true, null);
    }
    log.add("main: " + states());
    arena.close();
  }

  static MemorySegment function(ForeignFunction function) {
    return LIBRARY.find(function.symbol()).orElseThrow();
  }

  @Nullable Made slot(Slot slot) {
    int number = numberOf(slot);
    return number < slots.size() ? slots.get(number) : null;
  }

  private int numberOf(Slot slot) {
    return slot.in(
        slots,
        held -> held.coroutine.state() == State.SUSPENDED,
        held -> held.coroutine.state() != State.SUSPENDED);
  }

  Made number(int number) {
    return all.get(number - 1);
  }

  String make(ForeignAction.New action) {
    int slot = numberOf(action.slot());
    ForeignCoroutine.Builder builder = ForeignCoroutine.builder();
    if (action.shared()) {
      builder.shared();
    }
    if (action.critical()) {
      builder.critical();
    }
    Made made =
        new Made(
            "k" + (all.size() + 1),
            builder.build(),
            action.shared() ? null : Thread.currentThread());
    all.add(made);
    while (slots.size() <= slot) {
      slots.add(null);
    }
    slots.set(slot, made);
    return made.name;
  }

  /** Nobody else can close what is confined to a thread that ends. */
  void closeOwn() {
    for (Made made : all) {
      if (made.owner == Thread.currentThread()) {
        made.coroutine.close();
      }
    }
  }

  String states() {
    StringBuilder text = new StringBuilder();
    for (Made made : slots) {
      if (made != null) {
        text.append(made.name).append(' ').append(made.coroutine.state()).append(", ");
      }
    }
    return text.toString();
  }
}
