package dev.stackful.examples;

import dev.stackful.fiber.Channel;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberClock;
import dev.stackful.fiber.FiberRuntime;
import dev.stackful.fiber.FiberScope;
import dev.stackful.fiber.Select;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * Producers and consumers over channels: a bakery. Two bakers put loaves on a shelf that holds two,
 * and wait while it is full. Two packers take them from there. They hand the parcels to a courier,
 * from hand to hand: the packer waits until the courier is back. The courier takes whatever comes
 * first, a parcel or a call.
 *
 * <p>Nobody is told how many loaves there will be. When the last baker has gone, the shelf is
 * closed; when it is empty, the packers go, and the counter is closed.
 *
 * <p>All of this happens in virtual time, in an instant, and in the same order each time.
 */
public final class ProducersConsumers {
  private final FiberRuntime runtime;
  private final Channel<String> shelf = Channel.bounded("shelf", 2);
  private final Channel<String> counter = Channel.rendezvous("counter");
  private final Channel<String> telephone = Channel.rendezvous("telephone");

  private ProducersConsumers(FiberRuntime runtime) {
    this.runtime = runtime;
  }

  private void bakers() {
    try (shelf;
        var bakers = FiberScope.open()) {
      bakers.launch("rye", () -> bake("rye", 4, 9));
      bakers.launch("wheat", () -> bake("wheat", 6, 3));
      bakers.join();
    } // the shelf is closed when both have ended
  }

  private void bake(String kind, int loaves, int minutes) {
    for (int i = 1; i <= loaves; i++) {
      pass(minutes);
      String loaf = kind + " " + i;
      if (!shelf.trySend(loaf)) {
        tell("no room for " + loaf);
        shelf.send(loaf);
      }
      tell(loaf + " is on the shelf");
    }
  }

  private void packers() {
    try (counter;
        var packers = FiberScope.open()) {
      packers.launch("Ann", () -> pack("Ann"));
      packers.launch("Bob", () -> pack("Bob"));
      packers.join();
    }
  }

  private void pack(String name) {
    for (String loaf : shelf) {
      tell(name + " packs " + loaf);
      pass(5);
      counter.send(loaf);
    }
    tell(name + " goes home");
  }

  private void courier() {
    Select<String> next =
        Select.<String>create()
            .onReceive(counter, ProducersConsumers::deliver)
            .onReceive(telephone, question -> "says: " + question + " Soon!")
            .onTimeout(Duration.ofMinutes(10), () -> "yawns");
    while (!counter.isDrained() || !telephone.isDrained()) {
      tell("the courier " + next.select());
    }
  }

  private static String deliver(String loaf) {
    pass(4);
    return "has delivered " + loaf;
  }

  private void customer() {
    try (telephone) {
      pass(20);
      telephone.send("Where is my bread?");
      pass(40);
      telephone.send("Any cake?");
    }
  }

  /** Minutes of virtual time. */
  private static void pass(int minutes) {
    Fiber.sleep(Duration.ofMinutes(minutes));
  }

  private void tell(String what) {
    Duration time = runtime.now();
    System.out.printf(Locale.ROOT, "%d:%02d %s%n", time.toHours(), time.toMinutesPart(), what);
  }

  /**
   * Lets a morning pass.
   *
   * @param arguments none; or {@code --trace} and a file, which gets a trace of who ran when, to
   *     open with Perfetto
   * @throws InterruptedException if the thread is interrupted
   */
  public static void main(String[] arguments) throws InterruptedException {
    if (arguments.length == 0) {
      run(FiberRuntime.builder());
    } else if (arguments.length == 2 && arguments[0].equals("--trace")) {
      try (Writer trace = Files.newBufferedWriter(Path.of(arguments[1]))) {
        run(FiberRuntime.builder().trace(trace));
      } catch (IOException | UncheckedIOException | InvalidPathException e) {
        System.err.println("cannot write " + arguments[1] + ": " + e);
        System.exit(1);
      }
    } else {
      System.err.println("usage: ProducersConsumers [--trace FILE]");
      System.exit(2);
    }
  }

  private static void run(FiberRuntime.Builder builder) throws InterruptedException {
    try (FiberRuntime runtime = builder.name("bakery").clock(FiberClock.virtual()).build()) {
      ProducersConsumers bakery = new ProducersConsumers(runtime);
      runtime.launch("bakers", bakery::bakers);
      runtime.launch("packers", bakery::packers);
      runtime.launch("courier", bakery::courier);
      runtime.launch("customer", bakery::customer);
      runtime.run();
    }
  }
}
