package dev.stackful.fuzz;

import dev.stackful.Engine;
import dev.stackful.fiber.Barrier;
import dev.stackful.fiber.Channel;
import dev.stackful.fiber.ChannelClosedException;
import dev.stackful.fiber.ChannelEndpoint;
import dev.stackful.fiber.Condition;
import dev.stackful.fiber.Deferred;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberClock;
import dev.stackful.fiber.FiberLocal;
import dev.stackful.fiber.FiberRuntime;
import dev.stackful.fiber.Mutex;
import dev.stackful.fiber.Semaphore;
import dev.stackful.fuzz.FiberAction.Settings.Order;
import dev.stackful.fuzz.FiberAction.Shared;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What all routines of a program of fibers share while it runs. */
final class FiberRun {
  /** How many variables fibers have. */
  static final int LOCALS = 2;

  /** Their values where none was set. */
  static final String INITIAL = "initial";

  private static final int STACK_BYTES = 128 * 1024;
  private static final long SEED = 4711;

  /**
   * Kept, as its level would be lost with it: fibers that never began are nothing to be told of.
   */
  private static final Logger LOGGER = Logger.getLogger("dev.stackful.fiber");

  static {
    LOGGER.setLevel(Level.OFF);
  }

  final Program program;
  final Log log;
  final Engine engine;
  private final List<Fiber<String>> all = new ArrayList<>();
  private final List<@Nullable Fiber<String>> slots = new ArrayList<>();
  private final Map<Shared, Object> shared = new HashMap<>();
  private final Map<Mutex, Condition> conditions = new HashMap<>();
  private final List<FiberLocal<String>> locals =
      Stream.generate(() -> FiberLocal.of(INITIAL)).limit(LOCALS).toList();

  /** How many sends and receives were begun by endpoints, and how many the end has left. */
  private int outside;

  private int abandoned;
  private FiberAction.Settings settings = new FiberAction.Settings(Order.IN_ORDER, false);
  private @Nullable FiberRuntime runtime;

  FiberRun(Program program, Engine engine, Log log) {
    this.program = program;
    this.engine = engine;
    this.log = log;
  }

  /** Runs the program on the calling thread. */
  void run() throws Exception {
    FiberInterpreter main = new FiberInterpreter(this, "main");
    try {
      main.run(program.main(), null);
      log.add("main: ends");
    } catch (Throwable t) {
      log.add("main: ends by " + Texts.of(t));
    }
    main.execute(new FiberAction.CloseRuntime(), /* guarded= */ true, null);
    StringBuilder states = new StringBuilder();
    all.forEach(fiber -> states.append(fiber).append(' ').append(fiber.state()).append(", "));
    log.add("main: " + states + abandoned + " outside");
  }

  void set(FiberAction.Settings chosen) {
    settings = chosen;
  }

  /** Made when it is first needed. */
  FiberRuntime runtime() {
    FiberRuntime made = runtime;
    if (made == null) {
      FiberRuntime.Builder builder =
          FiberRuntime.builder()
              .engine(engine)
              .stackSize(STACK_BYTES)
              .clock(FiberClock.virtual())
              .trace(log.trace)
              .onFailure((fiber, thrown) -> log.add("handler: " + fiber + " " + Texts.of(thrown)));
      switch (settings.order()) {
        case IN_ORDER -> {}
        case DEPTH_FIRST -> builder.depthFirst();
        case IN_RANDOM_ORDER -> builder.seed(SEED);
      }
      if (settings.cancelOnFailure()) {
        builder.cancelOnFailure();
      }
      made = builder.build();
      runtime = made;
    }
    return made;
  }

  // ---- fibers -------------------------------------------------------------------------------

  @Nullable Fiber<String> slot(Slot slot) {
    int number = numberOf(slot);
    return number < slots.size() ? slots.get(number) : null;
  }

  private int numberOf(Slot slot) {
    return slot.in(slots, held -> !held.isDone(), Fiber::isDone);
  }

  /** How a fiber is made: by the runtime or by a scope. */
  interface Maker {
    Fiber<String> make(String name, Callable<String> body);
  }

  String make(Slot into, int routine, Maker maker) {
    int slot = numberOf(into);
    String name = "f" + (all.size() + 1);
    Fiber<String> made =
        maker.make(
            name, () -> new FiberInterpreter(this, name).body(program.routines().get(routine)));
    all.add(made);
    while (slots.size() <= slot) {
      slots.add(null);
    }
    slots.set(slot, made);
    return name;
  }

  FiberLocal<String> local(int number) {
    return locals.get(number);
  }

  /** A stage is complete at some turn, and says so then. */
  @SuppressWarnings("FutureReturnValueIgnored")
  String useEndpoint(FiberAction.UseEndpoint action) {
    String element = action.sends() ? log.nextValue() : "";
    CompletionStage<? extends @Nullable String> stage;
    Channel<@Nullable String> channel = channel(action.channel());
    try (ChannelEndpoint<@Nullable String> endpoint = runtime().endpoint(channel)) {
      stage =
          action.sends()
              ? endpoint.sendAsync(element).thenApply(nothing -> "sent")
              : endpoint.receiveAsync();
    }
    String name = "outside " + ++outside;
    stage.whenComplete(
        (got, thrown) -> {
          if (thrown instanceof CompletionException wrapped) {
            thrown = wrapped.getCause();
          }
          if (thrown instanceof IllegalStateException
              && !(thrown instanceof ChannelClosedException)) {
            abandoned++;
          } else {
            log.add(name + ": " + (thrown == null ? got : Texts.of(thrown)));
          }
        });
    return name;
  }

  String block(int millis) {
    HeldCall call = new HeldCall(log.nextValue());
    if (millis == 0) {
      call.release();
    } else if (Fiber.current().isPresent()) {
      releaseAfter(millis, call);
    }
    return Fiber.blocking(call, call);
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  private void releaseAfter(int millis, HeldCall call) {
    String name = "f" + (all.size() + 1);
    Fiber<String> made =
        runtime()
            .spawn(name, () -> new FiberInterpreter(this, name).body(ModelOutside.sleep(millis)));
    all.add(made);
    made.toCompletableFuture().whenComplete((value, thrown) -> call.release());
  }

  String states() {
    StringBuilder text = new StringBuilder();
    for (Fiber<String> fiber : slots) {
      if (fiber != null) {
        text.append(fiber.name()).append(' ').append(fiber.state()).append(", ");
      }
    }
    return text.toString();
  }

  // ---- what they share ----------------------------------------------------------------------

  private Object shared(Shared is) {
    return shared.computeIfAbsent(
        is,
        made ->
            switch (made.kind()) {
              case CHANNEL ->
                  made.size() == 0 ? Channel.rendezvous() : Channel.bounded(made.size());
              case MUTEX -> Mutex.create();
              case SEMAPHORE -> Semaphore.of(made.size());
              case DEFERRED -> Deferred.create();
              case BARRIER -> Barrier.of(made.size());
              case FUTURE -> new CompletableFuture<String>();
            });
  }

  @SuppressWarnings("unchecked")
  Channel<@Nullable String> channel(Shared is) {
    return (Channel<@Nullable String>) shared(is);
  }

  Mutex mutex(Shared is) {
    return (Mutex) shared(is);
  }

  Condition condition(Shared is) {
    return conditions.computeIfAbsent(mutex(is), Mutex::newCondition);
  }

  Semaphore semaphore(Shared is) {
    return (Semaphore) shared(is);
  }

  @SuppressWarnings("unchecked")
  Deferred<String> deferred(Shared is) {
    return (Deferred<String>) shared(is);
  }

  Barrier barrier(Shared is) {
    return (Barrier) shared(is);
  }

  @SuppressWarnings("unchecked")
  CompletableFuture<String> future(Shared is) {
    return (CompletableFuture<String>) shared(is);
  }
}
