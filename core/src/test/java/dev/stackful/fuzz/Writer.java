package dev.stackful.fuzz;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Makes up random programs. How likely each kind of statement is differs from program to program:
 * one in which nearly everybody transfers, another full of handlers, finds more than a thousand
 * that are alike.
 */
abstract class Writer {
  /** By what a kind's weight is multiplied in a program. */
  private static final double[] MOODS = {0.05, 0.3, 1, 1, 1, 3};

  private static final int DEEPEST = 3;

  final SplittableRandom random;

  private final Map<String, Double> moods = new HashMap<>();
  private int numbers;

  Writer(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** Where a statement stands: what may be written there depends on it. */
  record Place(
      int routine, int depth, boolean handler, boolean last, boolean elsewhere, boolean scoped) {
    static Place in(int routine) {
      return new Place(routine, 0, false, false, false, false);
    }

    boolean main() {
      return routine == 0;
    }

    Place deeper() {
      return new Place(routine, depth + 1, handler, last, elsewhere, scoped);
    }

    Place inHandler() {
      return new Place(routine, depth + 1, true, last, elsewhere, scoped);
    }

    Place inLast() {
      return new Place(routine, depth + 1, handler, true, elsewhere, scoped);
    }

    Place inScope() {
      return new Place(routine, depth + 1, handler, last, elsewhere, true);
    }

    /** In another thread. */
    Place inAnotherThread() {
      return new Place(routine, depth + 1, handler, last, true, scoped);
    }
  }

  /** What may come next, with weights. */
  final class Choices {
    private final List<Supplier<Statement>> suppliers = new ArrayList<>();
    private final List<Double> weights = new ArrayList<>();

    Choices add(String kind, double weight, Supplier<Statement> statement) {
      weights.add(weight * moods.computeIfAbsent(kind, k -> MOODS[random.nextInt(MOODS.length)]));
      suppliers.add(statement);
      return this;
    }

    private Statement pick() {
      double left = random.nextDouble(weights.stream().mapToDouble(w -> w).sum());
      int chosen = 0;
      while (chosen < weights.size() - 1 && left >= weights.get(chosen)) {
        left -= weights.get(chosen++);
      }
      return suppliers.get(chosen).get();
    }
  }

  /** Adds what the subject's programs do, besides control flow. */
  abstract void addChoices(Place place, Choices choices);

  final int number() {
    return ++numbers;
  }

  final boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** From {@code least} to {@code most}, inclusive. */
  final int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  final Block block(Place place, int most) {
    List<Statement> statements = new ArrayList<>();
    for (int i = between(1, most); i > 0; i--) {
      statements.add(statement(place));
    }
    return new Block(statements);
  }

  final Statement act(Place place, Action action) {
    return new Statement.Do(number(), action, chance(place.main() ? 95 : 75));
  }

  final Statement statement(Place place) {
    Choices choices = new Choices();
    addChoices(place, choices);
    choices.add("throw", place.main() ? 0.5 : 3, () -> new Statement.Throw(number(), sort()));
    if (place.handler()) {
      choices.add("rethrow", 8, () -> new Statement.Rethrow(number()));
    }
    if (!place.main() && !place.last() && !place.elsewhere()) {
      choices.add("return", 2, () -> new Statement.Return(number()));
    }
    if (place.depth() < DEEPEST) {
      choices.add("try", 12, () -> tryStatement(place));
      choices.add("repeat", 5, () -> repeat(place));
    }
    return choices.pick();
  }

  /** What a program may throw. */
  final Sort sort() {
    return Sort.values()[random.nextInt(3)];
  }

  private Statement tryStatement(Place place) {
    int number = number();
    Statement.Catch what = Statement.Catch.values()[random.nextInt(5)];
    Block body = block(place.deeper(), 3);
    Block handler =
        what == Statement.Catch.NOTHING || chance(30) ? Block.EMPTY : block(place.inHandler(), 2);
    Block last =
        chance(what == Statement.Catch.NOTHING ? 100 : 30) ? block(place.inLast(), 2) : Block.EMPTY;
    return new Statement.Try(number, body, what, handler, last);
  }

  private Statement repeat(Place place) {
    return new Statement.Repeat(number(), between(2, 4), block(place.deeper(), 3));
  }

  final Statement within(Action bracket, Place inside) {
    return new Statement.Within(number(), bracket, block(inside, 3));
  }
}
