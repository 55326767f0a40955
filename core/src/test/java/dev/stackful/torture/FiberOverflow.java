package dev.stackful.torture;

import dev.stackful.Engine;
import dev.stackful.fiber.Channel;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberClock;
import dev.stackful.fiber.FiberRuntime;

/**
 * A fiber's stack overflows inside operations that suspend it, at many depths: no fiber is lost,
 * and none runs beside another.
 *
 * <p>Arguments: the engine; at how many depths above and below that of the first overflow.
 */
public final class FiberOverflow {
  private static int overflows;
  private static int spawned;
  private static int ended;
  private static boolean over;

  /** Who has control, as far as the fibers can tell. */
  private static int running;

  private FiberOverflow() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    Engine engine = Engine.valueOf(arguments[0]);
    int depths = Integer.parseInt(arguments[1]);
    int[] turns = new int[3];
    try (FiberRuntime runtime =
        FiberRuntime.builder()
            .engine(engine)
            .stackSize(256 * 1024)
            .clock(FiberClock.virtual())
            .build()) {
      for (int i = 0; i < turns.length; i++) {
        int number = i;
        runtime.launch(
            () -> {
              begin();
              while (!over) {
                turns[number]++;
                suspend(0, Fiber::yieldNow);
              }
              running--;
            });
      }
      runtime.launch(
          () -> {
            begin();
            overflow(depths, Fiber::yieldNow);
            overflow(depths, FiberOverflow::sendAndReceive);
            for (int capacity = 0; capacity < 4; capacity += 3) {
              passElements(depths, capacity, true);
              passElements(depths, capacity, false);
            }
            int[] before = turns.clone();
            for (int i = 0; i < 100; i++) {
              suspend(0, Fiber::yieldNow);
            }
            for (int i = 0; i < turns.length; i++) {
              Check.that(turns[i] - before[i] >= 90, "the turns of fiber " + i);
            }
            over = true;
            running--;
          });
      runtime.run();
    }
    Thread root = new Thread(null, () -> rootOverflows(engine), "root", 256 * 1024);
    root.start();
    root.join();
    System.out.println(ended == spawned && overflows > 2 ? "no fiber is lost" : "some are lost");
    System.out.println(overflows > 1 ? "survived overflows" : "no overflow");
  }

  /** The thread that runs the fibers overflows where it gives one its turn. */
  private static void rootOverflows(Engine engine) {
    try (FiberRuntime runtime =
        FiberRuntime.builder().engine(engine).stackSize(256 * 1024).build()) {
      try {
        runRoundsAndDescend(runtime, 0);
      } catch (StackOverflowError e) {
        overflows++;
      }
      while (runtime.runRound() == FiberRuntime.Progress.READY) {
        // until none is left, or is lost
      }
    }
  }

  @SuppressWarnings("InfiniteRecursion") // overflowing is the point
  private static int runRoundsAndDescend(FiberRuntime runtime, int depth) {
    if (depth % 8 == 0) {
      runtime.launch(
          () -> {
            Fiber.yieldNow();
            ended++;
          });
      spawned++;
    }
    runtime.runRound();
    return 1 + runRoundsAndDescend(runtime, depth + 1);
  }

  private static void overflow(int depths, Runnable operation) {
    int depth = 50;
    int before = overflows;
    while (overflows == before) {
      depth += depth / 8;
      suspend(depth, operation);
    }
    // What is compiled meanwhile needs less of the stack.
    for (int i = -depths; i < depths; i++) {
      suspend(depth + depth / 4 * i / depths, operation);
    }
  }

  /** With a fiber of its own, which may well be left waiting when this overflows. */
  private static void sendAndReceive() {
    Channel<String> channel = Channel.rendezvous();
    Fiber<?> sender = Fiber.current().orElseThrow().runtime().launch(() -> send(channel));
    try {
      channel.receive();
    } finally {
      sender.cancel();
    }
  }

  private static void send(Channel<String> channel) {
    begin();
    running--;
    channel.send("");
    begin();
    running--;
  }

  /**
   * One side of a channel overflows, and tries the same again: each element passes once, and in
   * order.
   */
  private static void passElements(int depths, int capacity, boolean sends) {
    Channel<Integer> channel = capacity == 0 ? Channel.rendezvous() : Channel.bounded(capacity);
    int[] next = {0};
    Fiber<?> other =
        Fiber.current()
            .orElseThrow()
            .runtime()
            .launch(
                () -> {
                  begin();
                  for (int i = 0; !over; i++) {
                    int element = i;
                    running--;
                    if (sends) {
                      Check.equal(element, channel.receive(), "the next element");
                    } else {
                      channel.send(element);
                    }
                    begin();
                  }
                  running--;
                });
    overflow(
        depths,
        () -> {
          if (sends) {
            channel.send(next[0]);
          } else {
            int element = channel.receive();
            if (element != next[0]) {
              throw new AssertionError(element + " came, not " + next[0]);
            }
          }
          next[0]++;
        });
    Check.that(next[0] > depths / 4, next[0] + " elements passed");
    other.cancel();
  }

  private static void begin() {
    Check.equal(0, running++, "others that run");
  }

  private static void suspend(int depth, Runnable operation) {
    running--;
    try {
      descend(depth, operation);
    } catch (StackOverflowError e) {
      overflows++;
    }
    begin();
  }

  private static int descend(int depth, Runnable operation) {
    if (depth == 0) {
      operation.run();
      return 0;
    }
    return 1 + descend(depth - 1, operation);
  }
}
