package dev.stackful.fiber;

import dev.stackful.Engine;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs a test under many schedules, to find one under which it fails: a lost wake-up, a deadlock,
 * an order that was taken for granted.
 *
 * {@snippet class="dev.stackful.examples.snippets.Explorer" region="explorer"}
 *
 * <h2>What is explored</h2>
 *
 * In the ordinary schedule, fibers go on first in, first out, and only where they must wait or
 * yield. An explored one may <em>deviate</em>: another of the ready fibers goes on; a fiber yields
 * where it begins an operation that could have suspended it, though it need not have waited: a send
 * to a channel with room, a lock that is free; a select takes another of the cases that are ready.
 *
 * <p>First come all schedules with no deviation, then all with one, and so on up to a bound: most
 * bugs need very few. (Musuvathi and Qadeer, <em>Iterative context bounding</em>, PLDI 2007; Emmi,
 * Qadeer and Rakamari&cacute;, <em>Delay-bounded scheduling</em>, POPL 2011.) Then come schedules
 * by chance, in the manner of PCT (Burckhardt and others, ASPLOS 2010), for what needs more. What
 * is found is made as short as can be, and reported with a text by which {@link #replay} repeats
 * it.
 *
 * <h2>The test</h2>
 *
 * It is called once for each schedule, with a new runtime in virtual time: it spawns fibers, runs
 * the runtime, and checks what came of it. It fails by throwing: also a {@link
 * FiberDeadlockException} or a {@link FiberFailedException} of {@code run}. It must take the same
 * course under the same schedule: no real time, no other threads, no chance of its own, and nothing
 * that it leaves behind for the next call.
 *
 * <p>Fibers switch at operations only; so two accesses to memory with none between them are never
 * torn apart, as they can't be in a program.
 *
 * @since 0.1.0
 */
public final class FiberExplorer {
  /** How often priorities change in a run by chance. */
  private static final int CHANGES = 3;

  private final Engine engine;
  private final int mostDeviations;
  private final int mostSchedules;
  private final int randomSchedules;
  private final long seed;
  private final long mostTurns;

  private FiberExplorer(Builder builder) {
    this.engine = builder.engine == null ? Engine.preferred() : builder.engine;
    this.mostDeviations = builder.mostDeviations;
    this.mostSchedules = builder.mostSchedules;
    this.randomSchedules = builder.randomSchedules;
    this.seed = builder.seed;
    this.mostTurns = builder.mostTurns;
  }

  /** {@return an explorer with the usual bounds} */
  public static FiberExplorer create() {
    return builder().build();
  }

  /** {@return a builder, for other bounds} */
  public static Builder builder() {
    return new Builder();
  }

  /** What is to hold under every schedule. */
  @FunctionalInterface
  public interface Test {
    /**
     * Spawns fibers, runs them and checks what came of it.
     *
     * @param runtime a new one, in virtual time, which is closed afterwards
     * @throws Exception or an error, if it fails
     */
    void run(FiberRuntime runtime) throws Exception;
  }

  /**
   * What came of an exploration in which nothing failed.
   *
   * @param schedules how many were run
   * @param complete whether there is no other: the test holds under every schedule
   */
  public record Result(int schedules, boolean complete) {}

  private static final class Failure {
    final int[] schedule;
    final Throwable thrown;

    Failure(int[] schedule, Throwable thrown) {
      this.schedule = schedule;
      this.thrown = thrown;
    }
  }

  /**
   * Runs a test under many schedules.
   *
   * @param test what is to hold
   * @return how many there were, if it has not failed
   * @throws FailingScheduleException if it fails; the message, too, tells the schedule
   * @throws IllegalStateException if the test takes another course under the same schedule, or
   *     leaves fibers that never began, since it hasn't called {@link FiberRuntime#run}
   */
  public Result explore(Test test) {
    Objects.requireNonNull(test, "test");
    int schedules = 0;
    int steps = 1;
    for (int bound = 0; bound <= mostDeviations && schedules < mostSchedules; bound++) {
      boolean complete = true;
      int[] next = new int[0];
      while (next != null && schedules < mostSchedules) {
        Decisions decisions = new Decisions(next, null);
        schedules++;
        Throwable thrown = run(test, decisions, null);
        if (decisions.isBroken()) {
          throw new IllegalStateException(
              "the test took another course under the same schedule: it depends on time, other"
                  + " threads, chance, or what an earlier call has left",
              thrown);
        }
        if (thrown != null) {
          throw failing(test, decisions.taken(), thrown, schedules);
        }
        complete &= !decisions.isBounded(bound);
        steps = Math.max(steps, decisions.size());
        next = decisions.next(bound);
      }
      if (complete && next == null) {
        return new Result(schedules, true);
      }
    }
    for (int i = 0; i < randomSchedules; i++) {
      Decisions.Priorities chance = new Decisions.Priorities(seed + i, CHANGES, steps);
      Decisions decisions = new Decisions(new int[0], chance);
      schedules++;
      Throwable thrown = run(test, decisions, null);
      if (thrown != null) {
        throw failing(test, decisions.taken(), thrown, schedules);
      }
      steps = Math.max(steps, decisions.size());
    }
    return new Result(schedules, false);
  }

  /**
   * Runs a test under one schedule. It throws as {@link #explore} does if the test fails, and
   * otherwise nothing.
   *
   * @param schedule {@link FailingScheduleException#schedule()}; empty for the ordinary one
   * @param test what is to hold
   * @throws IllegalArgumentException if that isn't a schedule of this test
   * @throws FailingScheduleException if it fails
   * @throws IllegalStateException if it leaves fibers that never began
   */
  public void replay(String schedule, Test test) {
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(test, "test");
    int[] decisions = Decisions.parse(schedule);
    Decisions replayed = new Decisions(decisions, null);
    Throwable thrown = run(test, replayed, null);
    if (replayed.isBroken()) {
      throw new IllegalArgumentException("this is no schedule of the test: " + schedule);
    }
    if (thrown != null) {
      throw report(test, decisions, thrown, "under this schedule");
    }
  }

  private @Nullable Throwable run(Test test, Decisions decisions, @Nullable Writer trace) {
    FiberRuntime.Builder builder =
        FiberRuntime.builder()
            .engine(engine)
            .clock(FiberClock.virtual())
            .name("explored")
            .onFailure((fiber, thrown) -> {})
            .explore(decisions, mostTurns);
    if (trace != null) {
      builder.trace(trace);
    }
    FiberRuntime runtime = builder.build();
    Throwable thrown = null;
    List<Fiber<?>> forgotten = List.of();
    try {
      test.run(runtime);
      decisions.freeze(); // what comes now is no part of the schedule
      forgotten = runtime.forgotten();
    } catch (Throwable t) {
      thrown = t;
    }
    decisions.freeze();
    try {
      runtime.close();
    } catch (Throwable t) {
      if (thrown == null) {
        thrown = t;
      }
    }
    if (thrown instanceof VirtualMachineError && !(thrown instanceof StackOverflowError)) {
      throw (VirtualMachineError) thrown;
    }
    if (!forgotten.isEmpty()) { // such a test would hold whatever its fibers do
      throw new IllegalStateException(
          "the test has left fibers that never began: "
              + forgotten.stream().map(Fiber::name).collect(Collectors.joining(", "))
              + "; it must call run on its runtime");
    }
    return thrown;
  }

  /** Makes the schedule shorter while it fails, and reports it. */
  private FailingScheduleException failing(
      Test test, int[] found, Throwable thrown, int schedules) {
    Failure shortest = new Failure(found, thrown);
    boolean shorter = true;
    while (shorter) {
      shorter = false;
      for (int i = shortest.schedule.length - 1; i >= 0 && !shorter; i--) {
        if (shortest.schedule[i] != 0) {
          int[] fewer = shortest.schedule.clone();
          fewer[i] = 0;
          Failure tried = tryOut(test, fewer);
          if (tried != null && deviations(tried.schedule) < deviations(shortest.schedule)) {
            shortest = tried;
            shorter = true;
          }
        }
      }
    }
    return report(test, shortest.schedule, shortest.thrown, "after " + schedules + " schedules");
  }

  private @Nullable Failure tryOut(Test test, int[] schedule) {
    Decisions decisions = new Decisions(schedule, null);
    Throwable thrown = run(test, decisions, null);
    return thrown == null || decisions.isBroken() ? null : new Failure(decisions.taken(), thrown);
  }

  private static long deviations(int[] schedule) {
    return Arrays.stream(schedule).filter(decision -> decision != 0).count();
  }

  private FailingScheduleException report(
      Test test, int[] schedule, Throwable thrown, String when) {
    StringWriter trace = new StringWriter();
    Throwable again = run(test, new Decisions(schedule, null), trace);
    String text = Decisions.toText(schedule);
    String message =
        "the test fails "
            + when
            + ", with "
            + deviations(schedule)
            + " deviations from the ordinary one: "
            + (again == null ? thrown : again)
            + "\nFiberExplorer.replay(\""
            + text
            + "\", test) repeats it"
            + (again == null ? "; but it did not, the second time: the test depends on more" : "");
    return new FailingScheduleException(
        message, text, trace.toString(), again == null ? thrown : again);
  }

  /** Settings for explorers. A builder is used by one thread at a time. */
  public static final class Builder {
    private @Nullable Engine engine;
    private int mostDeviations = 2;
    private int mostSchedules = 10_000;
    private int randomSchedules = 1_000;
    private long seed;
    private long mostTurns = 100_000;

    private Builder() {}

    /**
     * Chooses the engine; without it, {@link Engine#preferred()}.
     *
     * @param engine one that {@link Engine#isAvailable()}
     * @return this builder
     */
    public Builder engine(Engine engine) {
      this.engine = Objects.requireNonNull(engine, "engine");
      return this;
    }

    /**
     * Chooses up to how many deviations all schedules are run; without it, 2.
     *
     * @param most from 0
     * @return this builder
     * @throws IllegalArgumentException if it is negative
     */
    public Builder deviations(int most) {
      this.mostDeviations = checked("deviations", most, 0);
      return this;
    }

    /**
     * Chooses after how many schedules the search for all ends; without it, 10,000.
     *
     * @param most from 1
     * @return this builder
     * @throws IllegalArgumentException if it is less than 1
     */
    public Builder schedules(int most) {
      this.mostSchedules = checked("schedules", most, 1);
      return this;
    }

    /**
     * Chooses how many schedules are run by chance after those; without it, 1,000.
     *
     * @param count from 0
     * @param seed any number; the same makes the same schedules
     * @return this builder
     * @throws IllegalArgumentException if the count is negative
     */
    public Builder random(int count, long seed) {
      this.randomSchedules = checked("random schedules", count, 0);
      this.seed = seed;
      return this;
    }

    /**
     * Chooses after how many turns a run has failed, which else might never end; without it,
     * 100,000.
     *
     * @param most from 1
     * @return this builder
     * @throws IllegalArgumentException if it is less than 1
     */
    public Builder turns(int most) {
      this.mostTurns = checked("turns", most, 1);
      return this;
    }

    private static int checked(String what, int number, int least) {
      if (number < least) {
        throw new IllegalArgumentException(
            "the number of " + what + " must be at least " + least + ": " + number);
      }
      return number;
    }

    /** {@return an explorer with these settings} */
    public FiberExplorer build() {
      return new FiberExplorer(this);
    }
  }
}
