package dev.stackful.examples;

import dev.stackful.fiber.Channel;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberClock;
import dev.stackful.fiber.FiberRuntime;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;

/**
 * A discrete-event simulation in which each call to a call centre is a fiber: it waits in line for
 * an agent, talks, and hangs up. In virtual time a day passes in milliseconds. It is the queue that
 * theory calls M/M/c, so the simulation can be held against the known answer.
 *
 * <h2>Theory</h2>
 *
 * Calls arrive at the rate λ, at random (the times between them are exponential); each takes one of
 * c agents for an exponential time of mean 1/μ. The offered load is a = λ/μ, and each agent is busy
 * for ρ = a/c of the time, which must be less than 1. A call that finds all agents busy waits; the
 * probability of that is A. K. Erlang's second formula (1917), and it gives the mean wait:
 *
 * <pre>
 *                a^c / (c! (1 - ρ))
 *   C = ------------------------------------      W = C / (c μ - λ)
 *       a^c / (c! (1 - ρ)) + sum_{k&lt;c} a^k / k!
 * </pre>
 *
 * See D. Gross, J. F. Shortle, J. M. Thompson and C. M. Harris, <em>Fundamentals of Queueing
 * Theory</em>, on M/M/c. The program computes C from Erlang's first formula B, whose recursion B(0)
 * = 1, B(k) = a B(k-1) / (k + a B(k-1)) doesn't overflow: C = B(c) / (1 - ρ (1 - B(c))).
 *
 * <h2>Simulation</h2>
 *
 * The waits of neighbouring calls depend on each other, so the spread of single waits says little
 * about the error of their mean. The program makes independent replications instead: {@value
 * #REPLICATIONS} days, each with a seed of its own. A day begins with an empty line, unlike the
 * long run that theory speaks of, so the first {@value #WARM_UP_CALLS} calls are not counted, five
 * hours of them; the next {@value #COUNTED_CALLS} are. The means of the days are independent and
 * about normal, so Student's t gives the confidence interval of their mean (A. M. Law,
 * <em>Simulation Modeling and Analysis</em>, on replication and deletion). An interval of 95 %
 * misses the true value for one seed in twenty.
 */
public final class CallCentre {
  private static final double CALLS_PER_HOUR = 100;
  private static final double MEAN_TALK_HOURS = 4.0 / 60;

  private static final int WARM_UP_CALLS = 500;
  private static final int COUNTED_CALLS = 2_400;
  private static final int REPLICATIONS = 20;

  /** Student's t for 95 %, two-sided, and one degree of freedom less than replications. */
  private static final double STUDENTS_T = 2.093;

  private static final double SECONDS_PER_HOUR = 3_600;
  private static final double NANOS_PER_SECOND = 1e9;

  private final FiberRuntime runtime;
  private final RandomGenerator random;

  /** The agents that are free. Calls wait here, first come, first served. */
  private final Channel<Integer> freeAgents;

  private double countedWaitsSeconds;

  private CallCentre(FiberRuntime runtime, int agents, long seed) {
    this.runtime = runtime;
    this.random = new SplittableRandom(seed);
    this.freeAgents = Channel.bounded(agents);
  }

  /** A day, which ends when the last call has been answered and has ended. */
  private void day(int agents) {
    for (int agent = 1; agent <= agents; agent++) {
      freeAgents.send(agent);
    }
    for (int call = 0; call < WARM_UP_CALLS + COUNTED_CALLS; call++) {
      pass(1 / CALLS_PER_HOUR);
      boolean counted = call >= WARM_UP_CALLS;
      runtime.launch(() -> call(counted));
    }
  }

  private void call(boolean counted) {
    Duration arrival = runtime.now();
    int agent = freeAgents.receive();
    if (counted) {
      countedWaitsSeconds += runtime.now().minus(arrival).toNanos() / NANOS_PER_SECOND;
    }
    pass(MEAN_TALK_HOURS);
    freeAgents.send(agent);
  }

  /** Lets an exponential time pass. */
  private void pass(double meanHours) {
    double seconds = random.nextExponential() * meanHours * SECONDS_PER_HOUR;
    Fiber.sleep(Duration.ofNanos((long) (seconds * NANOS_PER_SECOND)));
  }

  /** The mean wait of a day's calls, in seconds. */
  private static double simulateDay(int agents, long seed) {
    try (FiberRuntime runtime = FiberRuntime.builder().clock(FiberClock.virtual()).build()) {
      CallCentre centre = new CallCentre(runtime, agents, seed);
      runtime.launch(() -> centre.day(agents));
      runtime.run();
      return centre.countedWaitsSeconds / COUNTED_CALLS;
    } catch (InterruptedException e) {
      throw new IllegalStateException("virtual time never waits", e);
    }
  }

  /**
   * A mean with its confidence interval.
   *
   * @param mean in seconds
   * @param halfWidth of the interval, in seconds
   */
  record Estimate(double mean, double halfWidth) {
    boolean covers(double value) {
      return Math.abs(value - mean) <= halfWidth;
    }
  }

  /** The mean wait, by simulation. */
  static Estimate simulatedWait(int agents, long seed) {
    SplittableRandom seeds = new SplittableRandom(seed);
    double[] days =
        DoubleStream.generate(() -> simulateDay(agents, seeds.nextLong()))
            .limit(REPLICATIONS)
            .toArray();
    double mean = DoubleStream.of(days).sum() / REPLICATIONS;
    double squares = DoubleStream.of(days).map(day -> (day - mean) * (day - mean)).sum();
    double standardError = Math.sqrt(squares / (REPLICATIONS - 1) / REPLICATIONS);
    return new Estimate(mean, STUDENTS_T * standardError);
  }

  /** The mean wait in seconds, by Erlang's formula. */
  static double theoreticalWait(int agents) {
    double load = CALLS_PER_HOUR * MEAN_TALK_HOURS;
    double blocking = 1;
    for (int k = 1; k <= agents; k++) {
      blocking = load * blocking / (k + load * blocking);
    }
    double waiting = blocking / (1 - busy(agents) * (1 - blocking));
    return waiting / (agents / MEAN_TALK_HOURS - CALLS_PER_HOUR) * SECONDS_PER_HOUR;
  }

  private static double busy(int agents) {
    return CALLS_PER_HOUR * MEAN_TALK_HOURS / agents;
  }

  /**
   * Prints the mean wait for eight, nine and ten agents, by theory and by simulation.
   *
   * @param arguments a seed; 1 if there is none
   */
  public static void main(String[] arguments) {
    long seed = 1;
    try {
      seed = arguments.length > 0 ? Long.parseLong(String.join(" ", arguments)) : seed;
    } catch (NumberFormatException e) {
      System.err.println("usage: CallCentre [SEED]; the seed is a whole number of 64 bits");
      System.exit(2);
    }
    long start = System.nanoTime();
    System.out.printf(
        Locale.ROOT,
        "%.0f calls an hour of %.0f minutes; %d days of %,d calls, after %d to warm up%n",
        CALLS_PER_HOUR,
        MEAN_TALK_HOURS * 60,
        REPLICATIONS,
        COUNTED_CALLS,
        WARM_UP_CALLS);
    System.out.println("agents   busy   mean wait, s: theory   simulated, 95 %");
    for (int agents = 8; agents <= 10; agents++) {
      double theory = theoreticalWait(agents);
      Estimate simulated = simulatedWait(agents, seed);
      System.out.printf(
          Locale.ROOT,
          "%6d %4.0f %% %22.1f   %6.1f ± %4.1f %s%n",
          agents,
          100 * busy(agents),
          theory,
          simulated.mean(),
          simulated.halfWidth(),
          simulated.covers(theory) ? "covers it" : "misses it");
    }
    double millis = (System.nanoTime() - start) / 1e6 / (3 * REPLICATIONS);
    System.err.printf(Locale.ROOT, "%.1f ms a day%n", millis);
  }
}
