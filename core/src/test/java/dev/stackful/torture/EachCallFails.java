package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.NotResumableException;
import dev.stackful.Yielder;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberFailedException;
import dev.stackful.fiber.FiberRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Does the same things again and again, and each time another call of the library's {@linkplain
 * FailingCalls fails}, from the first to the last. Whichever it is, no coroutine is left claimed,
 * each body runs once, and all comes to its end. The arguments are the engine, and who does it.
 */
public final class EachCallFails {
  private static final int WARM_UP = 20;

  /** What can be thrown in any call. */
  private static final List<Supplier<? extends Error>> ERRORS =
      List.of(OutOfMemoryError::new, StackOverflowError::new);

  private final Engine engine;

  private EachCallFails(Engine engine) {
    this.engine = engine;
  }

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    EachCallFails here = new EachCallFails(Engine.valueOf(arguments[0]));
    switch (arguments[1]) {
      case "coroutines" -> {
        sweep(() -> here.coroutines(Coroutine.Context.OWN));
        sweep(() -> here.coroutines(Coroutine.Context.RESUMER));
        sweep(() -> here.predecessors(/* transferred= */ false));
        sweep(() -> here.predecessors(/* transferred= */ true));
      }
      case "interrupts" -> {
        sweep(here::interruptsOfResumers);
        sweep(here::interruptsAtTransfers);
      }
      case "fibers" -> sweep(here::fibers);
      default -> throw new IllegalArgumentException(arguments[1]);
    }
  }

  private static void sweep(Check.Scenario scenario) throws Exception {
    sweep(scenario, () -> {});
  }

  /**
   * Has each call of a scenario fail in turn.
   *
   * @param after what must work after each failure
   */
  static void sweep(Check.Scenario scenario, Check.Scenario after) throws Exception {
    for (int i = 0; i < WARM_UP; i++) {
      scenario.run();
    }
    for (Supplier<? extends Error> error : ERRORS) {
      boolean failed = true;
      for (int number = 1; failed; number++) {
        FailingCalls.arm(number, error);
        try {
          scenario.run();
        } finally {
          failed = FailingCalls.disarm();
        }
        after.run();
      }
    }
  }

  /** Does something again if it could not be called. */
  private static void again(Runnable action) {
    madeAgain(
        () -> {
          action.run();
          return "";
        });
  }

  private static <T> T madeAgain(Supplier<T> action) {
    while (true) {
      try {
        return action.get();
      } catch (Error | RuntimeException e) {
        if (!isTheFailure(e)) {
          throw e;
        }
      }
    }
  }

  /** Whether the one call that fails is why. */
  private static boolean isTheFailure(Throwable thrown) {
    Throwable cause = thrown;
    while (cause != null && !(cause instanceof VirtualMachineError)) {
      cause = cause.getCause();
    }
    return cause != null;
  }

  // ---- coroutines ---------------------------------------------------------------------------

  /** What bodies count. */
  private static final class Counts {
    private int begun;
    private int ended;
  }

  private void coroutines(Coroutine.Context context) {
    Counts counts = new Counts();
    List<Coroutine<Object, Object>> all = new ArrayList<>();
    Coroutine<Object, Object> yields = build(context, counts, EachCallFails::yieldOut);
    Coroutine<Object, Object> resumed = build(context, counts, EachCallFails::yieldOut);
    Coroutine<Object, Object> unbegun = build(context, counts, EachCallFails::yieldOut);
    Coroutine<Object, Object> returns = build(context, counts, (self, in) -> {});
    Coroutine<Object, Object> transfers =
        build(context, counts, (self, in) -> self.transferTo(yields, in));
    Coroutine<Object, Object> resumes =
        build(
            context,
            counts,
            (self, in) -> {
              resume(resumed);
              yieldOut(self, in);
            });
    Coroutine<Object, Object> transfersToNew =
        build(context, counts, (self, in) -> self.transferTo(unbegun, in));
    all.addAll(List.of(yields, resumed, unbegun, returns, transfers, resumes, transfersToNew));
    for (Coroutine<Object, Object> each :
        List.of(yields, transfers, transfers, yields, resumes, resumes, transfersToNew, unbegun)) {
      resume(each);
      for (Coroutine<?, ?> one : all) {
        checkUnclaimed(one);
      }
    }
    resume(returns);
    for (Coroutine<Object, Object> each : all) {
      close(each);
      Check.equal(Coroutine.State.DONE, each.state(), "the state after close");
    }
    Check.equal(counts.begun, counts.ended, "bodies that ended");
    Check.that(counts.begun <= all.size(), "a body ran twice");
    Check.that(!Thread.interrupted(), "interrupted");
  }

  /** One that could not leave has no value to return. */
  private static void yieldOut(Yielder<Object, Object> self, Object first) {
    Check.equal("in", self.yield("out"), "what came in with the resume");
  }

  /**
   * One that has transferred resumes the target later: who goes on then has forgotten the transfer.
   *
   * @param transferred whether the target stands in a transfer of its own, or in a yield
   */
  private void predecessors(boolean transferred) {
    Counts counts = new Counts();
    Coroutine<Object, Object> other = build(Coroutine.Context.OWN, counts, EachCallFails::yieldOut);
    List<Coroutine<Object, Object>> resumer = new ArrayList<>();
    boolean[] entered = {false};
    Runnable look =
        () -> {
          if (entered[0]) {
            Check.equal(Coroutine.State.NORMAL, resumer.getFirst().state(), "the resumer's state");
          }
        };
    Coroutine<Object, Object> target =
        build(
            Coroutine.Context.OWN,
            (self, first) -> {
              if (transferred) {
                once(() -> self.transferTo(other, "in"));
              }
              while (true) {
                look.run();
                once(() -> self.yield("out"));
              }
            });
    resumer.add(
        build(
            Coroutine.Context.OWN,
            (self, first) -> {
              once(() -> self.transferTo(target, "in"));
              entered[0] = true;
              once(() -> target.resume("in"));
              return "";
            }));
    resume(target);
    resume(resumer.getFirst());
    resume(resumer.getFirst());
    close(resumer.getFirst());
    entered[0] = false;
    close(target);
    close(other);
  }

  /** Does something, or not, if the call fails. */
  private static void once(Runnable action) {
    try {
      action.run();
    } catch (VirtualMachineError e) {
      // the one call that fails
    }
  }

  /** An interrupt goes along with a resume; where that fails, it is the resumer's again. */
  private void interruptsOfResumers() {
    List<Boolean> seen = new ArrayList<>();
    Coroutine<Object, Object> body = build(seen);
    for (boolean interrupted : List.of(true, false, false, true, false)) {
      int before = seen.size();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      resume(body);
      boolean left = Thread.interrupted();
      Check.equal(interrupted, seen.size() == before ? left : seen.getLast(), "interrupted");
      Check.that(seen.size() == before || !left, "the interrupt is there twice");
    }
    close(body);
  }

  /** It goes along with a transfer; where that fails, it stays. */
  private void interruptsAtTransfers() {
    List<Boolean> seen = new ArrayList<>();
    Coroutine<Object, Object> target = build(seen);
    List<Boolean> stayed = new ArrayList<>();
    Coroutine<Object, Object> transfers =
        build(
            Coroutine.Context.RESUMER,
            (self, first) -> {
              while (true) {
                Thread.currentThread().interrupt();
                int before = seen.size();
                once(() -> self.transferTo(target, "in"));
                if (seen.size() == before && !target.isDone()) {
                  stayed.add(Thread.interrupted());
                  again(() -> self.yield("out"));
                }
              }
            });
    for (int i = 0; i < 3; i++) {
      int transferred = seen.size();
      int failed = stayed.size();
      resume(transfers);
      boolean out = Thread.interrupted();
      if (seen.size() > transferred) {
        Check.that(seen.getLast(), "the target was not interrupted");
        Check.that(!out, "the interrupt is there twice");
      } else if (stayed.size() > failed) {
        Check.that(stayed.getLast(), "the interrupt was lost");
        Check.that(!out, "the interrupt is there twice");
      }
      transferred = seen.size();
      resume(target);
      Check.that(
          seen.size() == transferred || !seen.getLast(), "nobody has interrupted the target");
    }
    close(transfers);
    close(target);
    Thread.interrupted(); // the unwound body's
  }

  /** A body that notes whether it is interrupted, each time that it goes on. */
  private Coroutine<Object, Object> build(List<Boolean> seen) {
    return build(
        Coroutine.Context.RESUMER,
        (self, first) -> {
          while (true) {
            seen.add(Thread.interrupted());
            again(() -> self.yield("out"));
          }
        });
  }

  private static void resume(Coroutine<Object, Object> some) {
    if (!some.isDone()) {
      try {
        some.resume("in");
      } catch (NotResumableException e) {
        // the body's: what it wanted to resume has failed by it
        Check.that(e.getMessage().endsWith("it has ended"), e.getMessage());
      } catch (Error | RuntimeException e) {
        if (!isTheFailure(e)) { // or that of the body
          throw e;
        }
      }
    }
  }

  private static void close(Coroutine<Object, Object> some) {
    while (!some.isDone()) {
      try {
        some.close();
      } catch (NotResumableException e) {
        Check.that(e.getMessage().endsWith("it has ended"), e.getMessage());
      } catch (IllegalStateException e) {
        // the body has got the failure in place of the ForcedUnwind, and has yielded
      } catch (Error | RuntimeException e) {
        if (!isTheFailure(e)) {
          throw e;
        }
      }
    }
  }

  private static void checkUnclaimed(Coroutine<?, ?> one) {
    Coroutine.State state = one.state();
    Check.that(
        state == Coroutine.State.NEW
            || state == Coroutine.State.SUSPENDED
            || state == Coroutine.State.DONE,
        "the state is " + state);
  }

  /** What a body does, twice. */
  private interface Part {
    void run(Yielder<Object, Object> self, Object in);
  }

  private Coroutine<Object, Object> build(Coroutine.Context context, Counts counts, Part part) {
    Coroutine.Body<Object, Object> body =
        (self, first) -> {
          counts.begun++;
          try {
            for (int i = 0; i < 2; i++) {
              again(() -> part.run(self, first));
            }
            return "";
          } finally {
            counts.ended++;
          }
        };
    return build(context, body);
  }

  private Coroutine<Object, Object> build(
      Coroutine.Context context, Coroutine.Body<Object, Object> body) {
    return madeAgain(() -> Coroutine.builder().engine(engine).context(context).build(body));
  }

  // ---- fibers -------------------------------------------------------------------------------

  /** Those that end leave their places to others that are new, or that stand in the middle. */
  private void fibers() throws Exception {
    int[] begun = new int[8];
    int[] ended = new int[8];
    FiberRuntime runtime = FiberRuntime.builder().engine(engine).build();
    List<Fiber<?>> fibers = new ArrayList<>();
    for (int i = 0; i < begun.length; i++) {
      int number = i;
      Runnable body =
          () -> {
            begun[number]++;
            if (number % 2 == 1) {
              again(Fiber::yieldNow);
            }
            if (number == 4) {
              again(() -> joinIfWell(fibers.get(7)));
            }
            ended[number]++;
          };
      fibers.add(madeAgain(() -> runtime.launch(body)));
    }
    boolean run = false;
    while (!run) {
      try {
        runtime.run();
        run = true;
      } catch (Error | RuntimeException e) {
        if (!isTheFailure(e)) {
          throw e;
        }
      }
    }
    int failed = 0;
    for (int i = 0; i < begun.length; i++) {
      if (fibers.get(i).state() == Fiber.State.FAILED) {
        failed++;
      } else {
        Check.equal(Fiber.State.SUCCEEDED, fibers.get(i).state(), "the state of fiber " + i);
        Check.equal(1, begun[i], "how often the fiber " + i + " has begun");
        Check.equal(1, ended[i], "how often the fiber " + i + " has ended");
      }
    }
    Check.that(failed <= 1, "two have failed for one reason");
    again(runtime::close);
  }

  private static void joinIfWell(Fiber<?> fiber) {
    try {
      fiber.join();
    } catch (FiberFailedException e) {
      Check.that(isTheFailure(e), e.toString());
    }
  }
}
