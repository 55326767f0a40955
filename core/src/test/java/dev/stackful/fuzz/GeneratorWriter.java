package dev.stackful.fuzz;

import dev.stackful.fuzz.GeneratorAction.YieldSource.Closing;
import java.util.ArrayList;
import java.util.List;

/** Makes up programs of generators. */
final class GeneratorWriter extends Writer {
  private int slots;
  private int bodies;
  private int lastSlot;

  private GeneratorWriter(long seed) {
    super(seed);
  }

  static Program write(long seed) {
    return new GeneratorWriter(seed).program();
  }

  private Program program() {
    slots = between(1, 4);
    bodies = between(1, 4);
    List<Statement> main = new ArrayList<>();
    for (int slot = 0; slot < slots; slot++) {
      Slot into = new Slot(slot, Slot.Wanted.ANY);
      main.add(
          new Statement.Do(
              number(), new GeneratorAction.Open(into, recipe()), /* guarded= */ true));
    }
    for (int i = between(4, 14); i > 0; i--) {
      main.add(statement(Place.in(0)));
    }
    List<Block> routines = new ArrayList<>(List.of(new Block(main)));
    for (int i = 1; i <= bodies; i++) {
      routines.add(block(Place.in(i), 7));
    }
    return new Program(routines);
  }

  private Slot slot(int percentAlive) {
    if (!chance(30)) {
      lastSlot = random.nextInt(slots);
    }
    return new Slot(lastSlot, chance(percentAlive) ? Slot.Wanted.ALIVE : Slot.Wanted.ANY);
  }

  private GeneratorAction.Recipe recipe() {
    int buffer = chance(50) ? 1 : chance(10) ? 100 : between(2, 5);
    return new GeneratorAction.Recipe(between(1, bodies), buffer, chance(5));
  }

  private GeneratorAction open() {
    lastSlot = random.nextInt(slots);
    Slot.Wanted wanted = chance(70) ? Slot.Wanted.ENDED : Slot.Wanted.ANY;
    return new GeneratorAction.Open(new Slot(lastSlot, wanted), recipe());
  }

  @Override
  void addChoices(Place place, Choices choices) {
    boolean main = place.main();
    double taking = main ? 1 : 0.3;
    choices
        .add("next", 20 * taking, () -> act(place, new GeneratorAction.Next(slot(75))))
        .add("hasNext", 10 * taking, () -> act(place, new GeneratorAction.HasNext(slot(60))))
        .add("peek", 3 * taking, () -> act(place, new GeneratorAction.Peek(slot(75))))
        .add("take", 8 * taking, () -> act(place, take()))
        .add("close", 5 * taking, () -> act(place, new GeneratorAction.Close(slot(50))))
        .add("open", 11 * taking, () -> act(place, open()))
        .add("stream", 5 * taking, () -> act(place, stream()))
        .add("current", 1, () -> act(place, current()))
        .add("leak", 1, () -> act(place, new GeneratorAction.YieldThrough(slot(50))));
    if (!main) {
      choices
          .add("yield", 25, () -> act(place, new GeneratorAction.Yield(chance(5))))
          .add("list", 3, () -> act(place, new GeneratorAction.YieldList(between(0, 4))))
          .add("nested", 6, () -> act(place, new GeneratorAction.YieldGenerator(recipe())))
          .add("iterator", 4, () -> act(place, new GeneratorAction.YieldIterator(recipe())))
          .add("left", 3, () -> act(place, new GeneratorAction.YieldSlot(slot(75))))
          .add("source", 5, () -> act(place, source()))
          .add("null", 0.3, () -> act(place, new GeneratorAction.YieldAllOfNull()))
          .add("stubborn", place.last() ? 4 : 0.5, () -> act(place, stubborn()));
    }
    if (place.depth() < 3 && !place.elsewhere()) {
      choices.add(
          "thread", 3, () -> within(new Elsewhere(random.nextInt(3)), place.inAnotherThread()));
    }
  }

  private GeneratorAction take() {
    return new GeneratorAction.Take(slot(75), between(0, 6));
  }

  private GeneratorAction stream() {
    return new GeneratorAction.TakeFromStream(recipe(), chance(20) ? 1_000 : between(0, 6));
  }

  private GeneratorAction current() {
    return switch (random.nextInt(4)) {
      case 0 -> new GeneratorAction.YieldByCurrent();
      case 1 -> new GeneratorAction.ResumeCurrent();
      case 2 -> new GeneratorAction.CurrentYielder();
      default -> new GeneratorAction.Identity();
    };
  }

  private GeneratorAction source() {
    Sort failure = chance(50) ? null : chance(50) ? Sort.UNCHECKED : Sort.ERROR;
    Closing closing = Closing.values()[random.nextInt(Closing.values().length)];
    return new GeneratorAction.YieldSource(between(0, 3), failure, chance(50), closing);
  }

  private GeneratorAction stubborn() {
    return new GeneratorAction.YieldStubbornly(chance(50) ? between(2, 10) : between(98, 105));
  }
}
