package dev.stackful.fuzz;

import dev.stackful.fuzz.FiberAction.Settings.Order;
import dev.stackful.fuzz.FiberAction.Shared;
import dev.stackful.fuzz.FiberAction.Shared.Kind;
import dev.stackful.fuzz.FiberAction.Use.Verb;
import java.util.ArrayList;
import java.util.List;

/** Makes up programs of fibers. */
final class FiberWriter extends Writer {
  private int slots;
  private int bodies;
  private int lastSlot;

  /** How many there are of each kind, and how large. */
  private final int[][] sizes = new int[Kind.values().length][];

  private FiberWriter(long seed) {
    super(seed);
  }

  static Program write(long seed) {
    return new FiberWriter(seed).program();
  }

  private Program program() {
    slots = between(2, 6);
    bodies = between(1, 4);
    for (Kind kind : Kind.values()) {
      int[] made = new int[between(1, 2)];
      for (int i = 0; i < made.length; i++) {
        made[i] =
            switch (kind) {
              case CHANNEL -> between(0, 3);
              case SEMAPHORE -> between(0, 2);
              case BARRIER -> between(1, 3);
              default -> 0;
            };
      }
      sizes[kind.ordinal()] = made;
    }
    List<Statement> main = new ArrayList<>();
    main.add(alone(new FiberAction.Settings(order(), chance(10))));
    for (int slot = 0; slot < slots; slot++) {
      Slot into = new Slot(slot, Slot.Wanted.ANY);
      main.add(alone(new FiberAction.Spawn(into, 1 + slot % bodies)));
    }
    for (int i = between(2, 8); i > 0; i--) {
      main.add(statement(Place.in(0)));
    }
    main.add(alone(new FiberAction.Run(FiberAction.Run.Way.RUN, 0)));
    List<Block> routines = new ArrayList<>(List.of(new Block(main)));
    for (int i = 1; i <= bodies; i++) {
      routines.add(block(Place.in(i), 8));
    }
    return new Program(routines);
  }

  private Statement alone(FiberAction action) {
    return new Statement.Do(number(), action, /* guarded= */ true);
  }

  private Slot slot(int percentAlive) {
    if (!chance(30)) {
      lastSlot = random.nextInt(slots);
    }
    return new Slot(lastSlot, chance(percentAlive) ? Slot.Wanted.ALIVE : Slot.Wanted.ANY);
  }

  private Slot endedSlot() {
    lastSlot = random.nextInt(slots);
    return new Slot(lastSlot, chance(80) ? Slot.Wanted.ENDED : Slot.Wanted.ANY);
  }

  private Shared shared(Kind kind) {
    int[] made = sizes[kind.ordinal()];
    int number = random.nextInt(made.length);
    return new Shared(kind, number, made[number]);
  }

  private int millis() {
    return between(1, 5);
  }

  private int sometimes(int percent) {
    return chance(percent) ? millis() : 0;
  }

  @Override
  void addChoices(Place place, Choices choices) {
    choices
        .add("spawn", 6, () -> act(place, new FiberAction.Spawn(endedSlot(), between(1, bodies))))
        .add("cancel", 2.5, () -> act(place, new FiberAction.Cancel(slot(70))))
        .add("endpoint", 2, () -> act(place, endpoint()))
        .add("look", 3, () -> act(place, new FiberAction.Look()));
    if (place.main()) {
      choices
          .add("run", 12, () -> act(place, run()))
          .add("join", 2, () -> act(place, new FiberAction.Join(slot(20), 0)))
          .add("outside", 1, () -> act(place, use(Kind.CHANNEL)));
      return;
    }
    choices
        .add("yield", 10, () -> act(place, new FiberAction.Sleep(0)))
        .add("sleep", 6, () -> act(place, new FiberAction.Sleep(millis())))
        .add("join", 7, () -> act(place, new FiberAction.Join(slot(60), sometimes(25))))
        .add("channel", 20, () -> act(place, use(Kind.CHANNEL)))
        .add("mutex", 5, () -> act(place, use(Kind.MUTEX)))
        .add("semaphore", 4, () -> act(place, use(Kind.SEMAPHORE)))
        .add("deferred", 3, () -> act(place, use(Kind.DEFERRED)))
        .add("barrier", 2, () -> act(place, use(Kind.BARRIER)))
        .add("future", 3, () -> act(place, use(Kind.FUTURE)))
        .add("local", 3, () -> act(place, new FiberAction.UseLocal(local(), chance(50))))
        .add("blocking", 2, () -> act(place, new FiberAction.Block(sometimes(60))))
        .add("select", 10, () -> act(place, select()))
        .add("inside", 0.3, () -> act(place, new FiberAction.RunInside()))
        .add("fork", place.scoped() ? 15 : 0.1, () -> act(place, fork()))
        .add(
            "joinScope",
            place.scoped() ? 10 : 0.1,
            () -> act(place, new FiberAction.JoinScope(outwards())))
        .add(
            "closeScope",
            place.scoped() ? 2 : 0.1,
            () -> act(place, new FiberAction.CloseScope(outwards())))
        .add("stubborn", 0.3, () -> act(place, stubborn()));
    if (place.depth() < 3 && !place.elsewhere()) {
      choices
          .add("scope", 6, () -> within(scope(), place.inScope()))
          .add("withLocal", 1, () -> within(new FiberAction.WithLocal(local()), place.deeper()))
          .add("timeout", 5, () -> within(new FiberAction.InTime(millis()), place.deeper()))
          .add(
              "lock", 3, () -> within(new FiberAction.WithLock(shared(Kind.MUTEX)), place.deeper()))
          .add(
              "coroutine", 1, () -> within(new FiberAction.InCoroutine(), place.inAnotherThread()));
    }
  }

  private int local() {
    return random.nextInt(FiberRun.LOCALS);
  }

  private FiberAction endpoint() {
    return new FiberAction.UseEndpoint(shared(Kind.CHANNEL), chance(50));
  }

  private Order order() {
    int percent = random.nextInt(100);
    if (percent < 20) {
      return Order.IN_RANDOM_ORDER;
    }
    return percent < 35 ? Order.DEPTH_FIRST : Order.IN_ORDER;
  }

  private FiberAction run() {
    FiberAction.Run.Way[] ways = FiberAction.Run.Way.values();
    return chance(3)
        ? new FiberAction.CloseRuntime()
        : new FiberAction.Run(ways[random.nextInt(ways.length)], between(0, 6));
  }

  private FiberAction use(Kind kind) {
    Verb verb =
        switch (kind) {
          case CHANNEL -> channelVerb();
          case MUTEX -> oneOf(Verb.LOCK, Verb.TRY_LOCK, Verb.UNLOCK, conditionVerb(), Verb.STATE);
          case SEMAPHORE ->
              oneOf(Verb.ACQUIRE, Verb.ACQUIRE, Verb.TRY_ACQUIRE, Verb.RELEASE, Verb.STATE);
          case DEFERRED -> oneOf(Verb.AWAIT, Verb.AWAIT, Verb.COMPLETE, Verb.FAIL, Verb.STATE);
          case BARRIER -> Verb.AWAIT;
          case FUTURE -> oneOf(Verb.AWAIT_WITHIN, Verb.AWAIT_WITHIN, Verb.COMPLETE, Verb.FAIL);
        };
    return new FiberAction.Use(verb, shared(kind), verb == Verb.ITERATE ? between(1, 4) : millis());
  }

  private Verb channelVerb() {
    return switch (random.nextInt(20)) {
      case 0 -> Verb.CLOSE;
      case 1 -> Verb.STATE;
      case 2, 3 -> Verb.TRY_SEND;
      case 4, 5 -> Verb.TRY_RECEIVE;
      case 6 -> Verb.SEND_NULL;
      case 7 -> Verb.ITERATE;
      case 8, 9, 10, 11, 12, 13 -> Verb.RECEIVE;
      default -> Verb.SEND;
    };
  }

  private Verb conditionVerb() {
    return oneOf(Verb.AWAIT_CONDITION, Verb.SIGNAL, Verb.SIGNAL_ALL);
  }

  private Verb oneOf(Verb... verbs) {
    return verbs[random.nextInt(verbs.length)];
  }

  private FiberAction select() {
    List<FiberAction.Case> cases = new ArrayList<>();
    for (int i = chance(3) ? 0 : between(1, 3); i > 0; i--) {
      cases.add(selectCase());
    }
    return new FiberAction.Select(cases, sometimes(25), chance(15));
  }

  private FiberAction.Case selectCase() {
    return switch (random.nextInt(10)) {
      case 0 -> new FiberAction.OnShared(false, shared(Kind.MUTEX));
      case 1 -> new FiberAction.OnShared(false, shared(Kind.SEMAPHORE));
      case 2 -> new FiberAction.OnShared(false, shared(Kind.DEFERRED));
      case 3 -> new FiberAction.OnJoin(slot(60));
      default -> new FiberAction.OnShared(chance(50), shared(Kind.CHANNEL));
    };
  }

  private FiberAction scope() {
    FiberAction.InScope.Joiner[] joiners = FiberAction.InScope.Joiner.values();
    return new FiberAction.InScope(joiners[random.nextInt(joiners.length)], sometimes(20));
  }

  private FiberAction fork() {
    return new FiberAction.Fork(endedSlot(), between(1, bodies), outwards());
  }

  private int outwards() {
    return chance(85) ? 0 : 1;
  }

  private FiberAction stubborn() {
    return new FiberAction.SleepStubbornly(chance(50) ? between(2, 10) : between(98, 150));
  }
}
