package dev.stackful.fuzz;

import dev.stackful.Engine;
import dev.stackful.Generator;
import dev.stackful.GeneratorIterator;
import dev.stackful.GeneratorScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all routines of a program of generators share while it runs. */
final class GeneratorRun {
  /** How often an iterator that doesn't let itself be closed is tried, when all is over. */
  private static final int MOST_TRIES = 10;

  final Program program;
  final Log log;
  final Workers workers;
  private final Engine engine;
  private final List<Made> all = new ArrayList<>();
  private final List<@Nullable Made> slots = new ArrayList<>();

  /** An iterator or a stream of the program. */
  static final class Made {
    final String name;

    /** Null for a stream, which has its own. */
    @Nullable GeneratorIterator<@Nullable String> iterator;

    /** What has leaked from the body. */
    @Nullable GeneratorScope<@Nullable String> scope;

    /** Whether the program has seen its end. */
    boolean over;

    Made(String name) {
      this.name = name;
    }
  }

  GeneratorRun(Program program, Engine engine, Workers workers, Log log) {
    this.program = program;
    this.engine = engine;
    this.workers = workers;
    this.log = log;
  }

  /** Runs the program on the calling thread. */
  void run() throws Exception {
    GeneratorInterpreter main = new GeneratorInterpreter(this);
    try {
      main.run(program.main(), null);
      log.add("main: ends");
    } catch (Throwable t) {
      log.add("main: ends by " + Texts.of(t));
    }
    for (int number = 1; number <= all.size(); number++) {
      main.execute(new GeneratorAction.CloseNumber(number), /* guarded= */ true, null);
      main.execute(new GeneratorAction.HasNextNumber(number), /* guarded= */ true, null);
    }
    log.add("main: all over");
    log.end();
    all.forEach(GeneratorRun::endForGood);
  }

  private static void endForGood(Made made) {
    for (int i = 0; i < MOST_TRIES && made.iterator != null; i++) {
      try {
        made.iterator.close();
        return;
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
    return slot.in(slots, held -> !held.over, held -> held.over);
  }

  Made number(int number) {
    return all.get(number - 1);
  }

  Made make() {
    Made made = new Made("g" + (all.size() + 1));
    all.add(made);
    return made;
  }

  Made open(GeneratorAction.Open action) {
    int slot = numberOf(action.slot());
    Made made = make();
    made.iterator = generator(made, action.recipe()).iterator();
    while (slots.size() <= slot) {
      slots.add(null);
    }
    slots.set(slot, made);
    return made;
  }

  Generator<@Nullable String> generator(Made made, GeneratorAction.Recipe recipe) {
    Generator<@Nullable String> generator =
        Generator.of(
            scope ->
                new GeneratorInterpreter(this, made, scope)
                    .body(program.routines().get(recipe.routine())));
    generator =
        generator.on(recipe.otherEngine() ? Engines.other(engine) : engine).named(made.name);
    return recipe.buffer() == 1 ? generator : generator.buffered(recipe.buffer());
  }
}
