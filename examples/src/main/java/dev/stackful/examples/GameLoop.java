package dev.stackful.examples;

import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberClock;
import dev.stackful.fiber.FiberFailedException;
import dev.stackful.fiber.FiberRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A game loop with thousands of actors, each a fiber. What an actor does is written from top to
 * bottom, over as many frames as it takes: {@link Guard#script} is all there is to a guard, and no
 * state machine stands behind it. The loop moves the player, gives the actors a frame's time by
 * {@link FiberRuntime#runFor}, and would draw.
 *
 * <p>Time is virtual, so a frame lasts as long as its work, and an actor that rests costs nothing.
 * The same seed gives the same game, and the same checksum of all positions.
 *
 * <p>On the native engine an actor takes a kernel thread. More than some 30,000 need other limits
 * of the system, or the engine of virtual threads: {@code
 * STACKFUL_JAVA_OPTS=-Dstackful.engine=virtual-thread}.
 */
public final class GameLoop {
  private static final Duration FRAME = Duration.ofNanos(16_666_667); // 60 a second
  private static final int FIELD = 1_000;
  private static final int REPORT_FRAMES = 60;

  private final List<Actor> actors = new ArrayList<>();
  private final Player player = new Player();
  private int alarms;
  private int catches;

  /** A place on the field. */
  private record Place(int x, int y) {
    static Place random(RandomGenerator random) {
      return new Place(random.nextInt(FIELD), random.nextInt(FIELD));
    }

    /** The greater of the distances along the two axes: how many steps it takes. */
    int distance(Place other) {
      return Math.max(Math.abs(x - other.x), Math.abs(y - other.y));
    }

    Place stepTowards(Place target) {
      return new Place(x + Integer.signum(target.x - x), y + Integer.signum(target.y - y));
    }
  }

  /** Crosses the field, and comes back from its borders. It is no fiber. */
  private static final class Player {
    Place place = new Place(FIELD / 2, FIELD / 2);
    private int dx = 7;
    private int dy = 3;

    void move() {
      dx = place.x + dx < 0 || place.x + dx >= FIELD ? -dx : dx;
      dy = place.y + dy < 0 || place.y + dy >= FIELD ? -dy : dy;
      place = new Place(place.x + dx, place.y + dy);
    }
  }

  private abstract class Actor {
    final RandomGenerator random;
    Place place;

    Actor(RandomGenerator random) {
      this.random = random;
      this.place = Place.random(random);
    }

    /** What it does, from the first frame on. It is unwound when the game ends. */
    abstract void script();

    /** Stands still for some frames. */
    void rest(int frames) {
      Fiber.sleep(FRAME.multipliedBy(frames));
    }

    void stepTowards(Place target) {
      place = place.stepTowards(target);
      rest(1);
    }

    boolean seesPlayer(int distance) {
      return place.distance(player.place) <= distance;
    }

    /** {@return true as soon as it sees the player, false when it has arrived} */
    boolean walkTo(Place target) {
      while (!place.equals(target)) {
        if (seesPlayer(40)) {
          return true;
        }
        stepTowards(target);
      }
      return false;
    }

    /** {@return true as soon as it sees the player, false when the time is over} */
    boolean lookAround(int frames) {
      for (int i = 0; i < frames; i++) {
        if (seesPlayer(80)) {
          return true;
        }
        rest(1);
      }
      return false;
    }
  }

  /** Walks between two posts. When it sees the player it gives the alarm and runs after him. */
  private final class Guard extends Actor {
    Guard(RandomGenerator random) {
      super(random);
    }

    @Override
    void script() {
      Place home = place;
      Place post = new Place(home.x, Math.min(FIELD - 1, home.y + 50));
      while (true) {
        boolean alarmed =
            walkTo(post) || lookAround(20) || walkTo(home) || lookAround(random.nextInt(10, 30));
        if (alarmed) {
          alarms++;
          rest(2); // it is startled
          if (catchesPlayer(30)) {
            catches++;
          }
          rest(60); // it is out of breath
        }
      }
    }

    private boolean catchesPlayer(int frames) {
      for (int i = 0; i < frames; i++) {
        if (seesPlayer(3)) {
          return true;
        }
        stepTowards(player.place);
      }
      return false;
    }
  }

  /** Fetches water from the well and stays away from the player. */
  private final class Villager extends Actor {
    Villager(RandomGenerator random) {
      super(random);
    }

    @Override
    void script() {
      Place home = place;
      Place well = Place.random(random);
      while (true) {
        rest(random.nextInt(120)); // is at home
        while (walkTo(well)) {
          rest(30); // hides
        }
        rest(15); // draws water
        while (walkTo(home)) {
          rest(30);
        }
      }
    }
  }

  private GameLoop(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      SplittableRandom own = random.split();
      actors.add(i % 2 == 0 ? new Guard(own) : new Villager(own));
    }
  }

  private void play(int frames) throws InterruptedException {
    FiberRuntime.Builder builder =
        FiberRuntime.builder()
            .clock(FiberClock.virtual())
            .cancelOnFailure() // one that finds no stack ends the game
            .onFailure((_, _) -> {}); // is no news: it comes out of runFor
    try (FiberRuntime runtime = builder.build()) {
      for (Actor actor : actors) {
        runtime.launch(actor::script);
      }
      for (int frame = 1; frame <= frames; frame++) {
        player.move();
        runtime.runFor(FRAME);
        if (frame % REPORT_FRAMES == 0 || frame == frames) {
          report(frame);
        }
      }
    } // unwinds the scripts, which have no end
  }

  private void report(int frame) {
    System.out.printf(
        Locale.ROOT, "frame %d: %d alarms, caught %d times%n", frame, alarms, catches);
  }

  private long checksum() {
    long sum = 0;
    for (Actor actor : actors) {
      sum = 31 * (31 * sum + actor.place.x) + actor.place.y;
    }
    return sum;
  }

  /**
   * Plays a game.
   *
   * @param arguments the number of actors (10,000), of frames (300), and the seed (1)
   * @throws InterruptedException if the thread is interrupted
   */
  public static void main(String[] arguments) throws InterruptedException {
    int count = 10_000;
    int frames = 300;
    long seed = 1;
    try {
      count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : count;
      frames = arguments.length > 1 ? Integer.parseInt(arguments[1]) : frames;
      seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : seed;
    } catch (NumberFormatException e) {
      count = 0; // which is refused, too
    }
    if (count < 1 || frames < 1 || arguments.length > 3) {
      System.err.println(
          "usage: GameLoop [ACTORS [FRAMES [SEED]]]; whole numbers, of actors and frames one at"
              + " least");
      System.exit(2);
    }
    GameLoop game = new GameLoop(count, seed);
    long start = System.nanoTime();
    try {
      game.play(frames);
    } catch (FiberFailedException e) {
      System.err.println("GameLoop: " + e.getCause().getMessage());
      System.exit(1);
    }
    System.out.printf(Locale.ROOT, "%,d actors, checksum %016x%n", count, game.checksum());
    double millis = (System.nanoTime() - start) / 1e6 / frames;
    System.err.printf(Locale.ROOT, "%.1f ms a frame, start and end included%n", millis);
  }
}
