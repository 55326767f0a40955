package dev.stackful.fuzz;

import dev.stackful.fuzz.ForeignAction.Start.Flaw;
import java.util.ArrayList;
import java.util.List;

/** Makes up programs of foreign coroutines. */
final class ForeignWriter extends Writer {
  private int slots;
  private int lastSlot;

  private ForeignWriter(long seed) {
    super(seed);
  }

  static Program write(long seed) {
    return new ForeignWriter(seed).program();
  }

  private Program program() {
    slots = between(1, 4);
    List<Statement> main = new ArrayList<>();
    for (int slot = 0; slot < slots; slot++) {
      Slot into = new Slot(slot, Slot.Wanted.ANY);
      main.add(new Statement.Do(number(), fresh(into), /* guarded= */ true));
      main.add(
          new Statement.Do(
              number(),
              new ForeignAction.Start(into, function(), between(0, 6), Flaw.NONE),
              /* guarded= */ true));
    }
    for (int i = between(10, 60); i > 0; i--) {
      main.add(statement(Place.in(0)));
    }
    return new Program(List.of(new Block(main)));
  }

  private ForeignAction fresh(Slot into) {
    return new ForeignAction.New(into, chance(40), chance(30));
  }

  private ForeignFunction function() {
    return ForeignFunction.values()[random.nextInt(ForeignFunction.values().length)];
  }

  /** Often that of the statement before: an answer is for who was just resumed. */
  private Slot slot(int percentAlive) {
    if (!chance(60)) {
      lastSlot = random.nextInt(slots);
    }
    return new Slot(lastSlot, chance(percentAlive) ? Slot.Wanted.ALIVE : Slot.Wanted.ANY);
  }

  private Slot endedSlot() {
    lastSlot = random.nextInt(slots);
    return new Slot(lastSlot, chance(80) ? Slot.Wanted.ENDED : Slot.Wanted.ANY);
  }

  @Override
  void addChoices(Place place, Choices choices) {
    choices
        .add("new", 4, () -> act(place, fresh(endedSlot())))
        .add("start", 12, () -> act(place, start()))
        .add("resume", 30, () -> act(place, new ForeignAction.Resume(slot(80))))
        .add("resumeWith", 15, () -> act(place, new ForeignAction.ResumeWith(slot(80), value())))
        .add("answer", 20, () -> act(place, answer()))
        .add("goOn", 30, () -> act(place, new ForeignAction.GoOn(slot(90), value())))
        .add("yielder", 3, () -> act(place, new ForeignAction.AnswerYielder(slot(80), value())))
        .add("called", 8, () -> act(place, new ForeignAction.Called(slot(80))))
        .add("result", 6, () -> act(place, new ForeignAction.Result(slot(20))))
        .add("states", 3, () -> act(place, new ForeignAction.States()))
        .add("close", 3, () -> act(place, new ForeignAction.Close(slot(50))));
    if (place.depth() < 3 && !place.elsewhere()) {
      choices
          .add("thread", 4, () -> within(new Elsewhere(random.nextInt(3)), place.inAnotherThread()))
          .add("body", 3, () -> within(new ForeignAction.InBody(), place.inAnotherThread()));
    }
  }

  private ForeignAction start() {
    Flaw flaw = chance(90) ? Flaw.NONE : Flaw.values()[random.nextInt(Flaw.values().length)];
    return new ForeignAction.Start(endedSlot(), function(), between(0, 6), flaw);
  }

  private ForeignAction answer() {
    ForeignAction.Answer.Type[] types = ForeignAction.Answer.Type.values();
    ForeignAction.Answer.Type type =
        chance(60) ? ForeignAction.Answer.Type.INTEGER : types[random.nextInt(types.length)];
    return new ForeignAction.Answer(slot(80), type, value());
  }

  private int value() {
    return chance(80) ? between(-20, 100) : between(-300, 300);
  }
}
