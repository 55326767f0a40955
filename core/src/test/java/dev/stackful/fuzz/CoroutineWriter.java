package dev.stackful.fuzz;

import java.util.ArrayList;
import java.util.List;

/** Makes up programs of coroutines. */
final class CoroutineWriter extends Writer {
  private int slots;
  private int bodies;
  private int lastSlot;

  private CoroutineWriter(long seed) {
    super(seed);
  }

  static Program write(long seed) {
    return new CoroutineWriter(seed).program();
  }

  private Program program() {
    slots = between(2, 5);
    bodies = between(1, slots);
    List<Statement> main = new ArrayList<>();
    for (int slot = 0; slot < slots; slot++) {
      main.add(
          new Statement.Do(
              number(), fresh(new Slot(slot, Slot.Wanted.ANY), 1 + slot % bodies), true));
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

  /**
   * Often the one of the statement before: what has just been made or closed is where things go
   * wrong.
   */
  private Slot slot(int percentAlive) {
    if (!chance(30)) {
      lastSlot = random.nextInt(slots);
    }
    return new Slot(lastSlot, chance(percentAlive) ? Slot.Wanted.ALIVE : Slot.Wanted.ANY);
  }

  private CoroutineAction fresh(Slot slot, int routine) {
    return new CoroutineAction.New(slot, routine, chance(5), chance(4), chance(10));
  }

  private CoroutineAction fresh() {
    lastSlot = random.nextInt(slots);
    return fresh(
        new Slot(lastSlot, chance(70) ? Slot.Wanted.ENDED : Slot.Wanted.ANY), between(1, bodies));
  }

  @Override
  void addChoices(Place place, Choices choices) {
    boolean main = place.main();
    choices
        .add("resume", main ? 30 : 12, () -> act(place, resume()))
        .add("close", 5, () -> act(place, new CoroutineAction.Close(slot(50))))
        .add("raise", 5, () -> act(place, raise(place)))
        .add("new", 11, () -> act(place, fresh()))
        .add("states", 3, () -> act(place, new CoroutineAction.States()))
        .add("identity", 3, () -> act(place, new CoroutineAction.Identity()))
        .add("trace", 1, () -> act(place, new CoroutineAction.Trace(slot(30))))
        .add("interrupt", 2, () -> act(place, interrupt()))
        .add("leak", 1, () -> act(place, new CoroutineAction.YieldThrough(slot(50))))
        .add("current", 2, () -> act(place, new CoroutineAction.YieldByCurrent()));
    if (!main) {
      choices
          .add("yield", 20, () -> act(place, new CoroutineAction.Yield(chance(5))))
          .add("transfer", 20, () -> act(place, transfer()))
          .add("stubborn", place.last() ? 4 : 0.5, () -> act(place, stubborn()));
    }
    if (place.depth() < 3 && !place.elsewhere()) {
      choices
          .add("lock", 2, () -> within(new CoroutineAction.Locked(), place.deeper()))
          .add(
              "thread", 3, () -> within(new Elsewhere(random.nextInt(3)), place.inAnotherThread()));
    }
  }

  private CoroutineAction resume() {
    return new CoroutineAction.Resume(slot(75), chance(5));
  }

  private CoroutineAction raise(Place place) {
    if (chance(3)) {
      return new CoroutineAction.RaiseNull(slot(50));
    }
    return place.handler() && chance(50)
        ? new CoroutineAction.RaiseCaught(slot(75))
        : new CoroutineAction.Raise(slot(75), sort());
  }

  private CoroutineAction transfer() {
    return chance(2)
        ? new CoroutineAction.TransferToNull()
        : new CoroutineAction.Transfer(slot(80));
  }

  private CoroutineAction stubborn() {
    return new CoroutineAction.YieldStubbornly(chance(50) ? between(2, 10) : between(98, 105));
  }

  private CoroutineAction interrupt() {
    return switch (random.nextInt(3)) {
      case 0 -> new CoroutineAction.Interrupt();
      case 1 -> new CoroutineAction.InterruptSlot(slot(30));
      default -> new CoroutineAction.TakeInterrupt();
    };
  }
}
