package dev.stackful.fuzz;

import dev.stackful.Coroutine;
import dev.stackful.ForcedUnwind;
import dev.stackful.Generator;
import dev.stackful.GeneratorIterator;
import dev.stackful.GeneratorScope;
import dev.stackful.Yielder;
import dev.stackful.fuzz.GeneratorRun.Made;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs one routine of a program of generators, on whatever thread. */
final class GeneratorInterpreter extends Interpreter {
  private static final String NOBODY = "nobody";
  private static final String NOTHING = "nothing";

  private final GeneratorRun run;

  /** The iteration whose routine this is; null for the main one. */
  private final @Nullable Made self;

  private final @Nullable GeneratorScope<@Nullable String> scope;

  /** For the main routine. */
  GeneratorInterpreter(GeneratorRun run) {
    this(run, "main", null, null);
  }

  /** For a generator's body. */
  GeneratorInterpreter(GeneratorRun run, Made self, GeneratorScope<@Nullable String> scope) {
    this(run, self.name, self, scope);
  }

  private GeneratorInterpreter(
      GeneratorRun run,
      String label,
      @Nullable Made self,
      @Nullable GeneratorScope<@Nullable String> scope) {
    super(run.log, label);
    this.run = run;
    this.self = self;
    this.scope = scope;
  }

  /** The whole life of an iteration. */
  void body(Block routine) throws Exception {
    Objects.requireNonNull(self).scope = scope;
    log.add(label + ": starts with " + NOTHING);
    try {
      run(routine, null);
    } catch (Throwable t) {
      log.add(label + ": ends by " + Texts.of(t));
      throw t;
    }
    log.add(label + ": returns " + NOTHING);
  }

  @Override
  String perform(Action action, @Nullable Throwable caught) throws Exception {
    return switch ((GeneratorAction) action) {
      case GeneratorAction.Open a -> run.open(a).name;
      case GeneratorAction.HasNext a -> hasNext(run.slot(a.slot()));
      case GeneratorAction.Next a -> element(run.slot(a.slot()), /* takes= */ true);
      case GeneratorAction.Peek a -> element(run.slot(a.slot()), /* takes= */ false);
      case GeneratorAction.Take a -> take(run.slot(a.slot()), a.most());
      case GeneratorAction.Close a -> close(run.slot(a.slot()));
      case GeneratorAction.CloseNumber a -> close(run.number(a.number()));
      case GeneratorAction.HasNextNumber a -> {
        Made made = run.number(a.number());
        yield made.iterator == null ? "false" : Boolean.toString(made.iterator.hasNext());
      }
      case GeneratorAction.TakeFromStream a -> takeFromStream(a);
      case GeneratorAction.Yield a -> yieldBy(scope, a.withNull() ? null : log.nextValue());
      case GeneratorAction.YieldByCurrent a -> yieldBy(GeneratorScope.current(), log.nextValue());
      case GeneratorAction.YieldThrough a -> {
        Made leaked = run.slot(a.slot());
        yield yieldBy(leaked == null ? null : leaked.scope, log.nextValue());
      }
      case GeneratorAction.YieldStubbornly a -> yieldStubbornly(a.times());
      case GeneratorAction.YieldAllOfNull a -> yieldAll(null);
      case GeneratorAction.YieldList a -> {
        List<@Nullable String> values = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
          values.add(log.nextValue());
        }
        yield yieldAll(values);
      }
      case GeneratorAction.YieldGenerator a -> yieldAll(inPlace(a.recipe()));
      case GeneratorAction.YieldIterator a ->
          yieldAll(
              () -> {
                Made made = run.make();
                made.iterator = run.generator(made, a.recipe()).iterator();
                return made.iterator;
              });
      case GeneratorAction.YieldSlot a -> {
        Made left = run.slot(a.slot());
        yield left == null ? NOBODY : yieldAll(() -> Objects.requireNonNull(left.iterator));
      }
      case GeneratorAction.YieldSource a -> yieldAll(() -> FailingIterator.of(this, a));
      case GeneratorAction.ResumeCurrent a -> {
        Optional<Coroutine<?, ?>> current = Coroutine.current();
        yield current.isEmpty() ? "none" : String.valueOf(current.get().resume());
      }
      case GeneratorAction.CurrentYielder a -> String.valueOf(Yielder.current());
      case GeneratorAction.Identity a -> identity();
    };
  }

  // ---- taking -------------------------------------------------------------------------------

  private static String hasNext(@Nullable Made made) {
    if (made == null || made.iterator == null) {
      return NOBODY;
    }
    boolean has = false;
    try {
      has = made.iterator.hasNext();
    } finally {
      made.over = !has;
    }
    return Boolean.toString(has);
  }

  private static String element(@Nullable Made made, boolean takes) {
    if (made == null || made.iterator == null) {
      return NOBODY;
    }
    boolean has = false;
    try {
      String element = takes ? made.iterator.next() : made.iterator.peek();
      has = true;
      return String.valueOf(element);
    } finally {
      made.over = !has;
    }
  }

  private static String take(@Nullable Made made, int most) {
    if (made == null || made.iterator == null) {
      return NOBODY;
    }
    GeneratorIterator<@Nullable String> iterator = made.iterator;
    boolean thrown = true;
    try {
      List<@Nullable String> taken = new ArrayList<>();
      while (taken.size() < most && iterator.hasNext()) {
        taken.add(iterator.next());
      }
      thrown = false;
      return taken.toString();
    } finally {
      made.over = thrown;
    }
  }

  private static String close(@Nullable Made made) {
    if (made == null || made.iterator == null) {
      return NOBODY;
    }
    made.over = true;
    made.iterator.close();
    return "ok";
  }

  private String takeFromStream(GeneratorAction.TakeFromStream action) {
    Made made = run.make();
    try (Stream<@Nullable String> stream = run.generator(made, action.recipe()).stream()) {
      return stream.limit(action.most()).toList().toString();
    }
  }

  // ---- yielding -----------------------------------------------------------------------------

  private static String yieldBy(
      @Nullable GeneratorScope<@Nullable String> by, @Nullable String value) {
    if (by == null) {
      return "no yielder";
    }
    by.yield(value);
    return NOTHING;
  }

  private String yieldStubbornly(int times) {
    int unwound = 0;
    for (int i = 0; i < times; i++) {
      try {
        yieldBy(scope, "stubborn");
      } catch (ForcedUnwind u) {
        unwound++;
      }
    }
    return "unwound " + unwound + " times";
  }

  private String yieldAll(@Nullable Iterable<@Nullable String> values) {
    Objects.requireNonNull(scope).yieldAll(values);
    return NOTHING;
  }

  /** A generator whose statements are logged as those of this routine. */
  private Generator<@Nullable String> inPlace(GeneratorAction.Recipe recipe) {
    Made made = new Made(label);
    made.scope = scope;
    Generator<@Nullable String> generator =
        Generator.of(
            nested ->
                new GeneratorInterpreter(run, label, self, nested)
                    .run(run.program.routines().get(recipe.routine()), null));
    return recipe.buffer() == 1 ? generator : generator.buffered(recipe.buffer());
  }

  // ---- looking ------------------------------------------------------------------------------

  private static String identity() {
    String thread = Thread.currentThread().getName();
    return "current %s, thread %s"
        .formatted(
            Coroutine.current().map(Coroutine::name).orElse("none"),
            thread.matches("g\\d+") ? thread : "none");
  }

  @Override
  boolean within(Action bracket, Block body, @Nullable Throwable caught) throws Exception {
    Elsewhere elsewhere = (Elsewhere) bracket;
    if (run.workers.isBusy(elsewhere.worker())) {
      log.add(label + ": w" + elsewhere.worker() + " is busy");
      return false;
    }
    GeneratorInterpreter there =
        new GeneratorInterpreter(run, label + "/w" + elsewhere.worker(), self, scope);
    return run.workers.call(elsewhere.worker(), () -> there.run(body, caught));
  }
}
