package dev.stackful.fiber;

import dev.stackful.internal.fiber.Choices;
import dev.stackful.internal.fiber.SplitMix64;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The decisions of one run: the first as they were given, the others as the ordinary schedule has
 * them, or by chance. All are written down, with how many ways there were each time.
 *
 * <p>The ordinary decision is always 0, so that a decision that isn't is a deviation.
 */
final class Decisions implements Choices {
  private final int[] given;
  private final @Nullable Priorities priorities;
  private int[] taken = new int[64];
  private int[] bounds = new int[64];
  private int size;
  private boolean frozen;
  private boolean broken;

  Decisions(int[] given, @Nullable Priorities priorities) {
    this.given = given;
    this.priorities = priorities;
  }

  @Override
  public int chooseFiber(int bound, IntToLongFunction numbers) {
    return decide(bound, priorities == null ? 0 : priorities.highest(bound, numbers));
  }

  @Override
  public int chooseCase(int bound) {
    // In the order of a select's draws 0 means the later one: the first is the ordinary one here.
    int last = bound - 1;
    return last - decide(bound, priorities == null ? 0 : priorities.any(bound));
  }

  @Override
  public boolean preempts(long me, int bound, IntToLongFunction numbers) {
    boolean wanted = priorities != null && priorities.highest(bound, numbers) != 0;
    return decide(2, wanted ? 1 : 0) == 1;
  }

  private int decide(int bound, int otherwise) {
    if (frozen) {
      return 0;
    }
    int decision = size < given.length ? given[size] : otherwise;
    if (decision >= bound) {
      broken = true; // there are fewer ways here than when the schedule was made
      decision = 0;
    }
    if (size == taken.length) {
      taken = Arrays.copyOf(taken, 2 * size);
      bounds = Arrays.copyOf(bounds, 2 * size);
    }
    taken[size] = decision;
    bounds[size] = bound;
    size++;
    return decision;
  }

  /** Decides and writes down nothing any more. */
  void freeze() {
    frozen = true;
  }

  /** Whether a given decision could not be taken: this is not the schedule that was given. */
  boolean isBroken() {
    return broken || size < given.length;
  }

  int size() {
    return size;
  }

  /** All up to the last deviation. */
  int[] taken() {
    int end = size;
    while (end > 0 && taken[end - 1] == 0) {
      end--;
    }
    return Arrays.copyOf(taken, end);
  }

  /**
   * The next schedule in depth-first order: the same up to a decision, which is another.
   *
   * @param mostDeviations in the whole
   * @return null if there is none
   */
  int @Nullable [] next(int mostDeviations) {
    int deviations = 0;
    int last = -1;
    for (int i = 0; i < size; i++) {
      if (taken[i] + 1 < bounds[i] && deviations < mostDeviations) {
        last = i;
      }
      deviations += taken[i] == 0 ? 0 : 1;
    }
    if (last < 0) {
      return null;
    }
    int[] next = Arrays.copyOf(taken, last + 1);
    next[last]++;
    return next;
  }

  /** Whether there was a way that the bound on deviations forbids. */
  boolean isBounded(int mostDeviations) {
    int deviations = 0;
    for (int i = 0; i < size; i++) {
      if (deviations >= mostDeviations && bounds[i] > 1) {
        return true;
      }
      deviations += taken[i] == 0 ? 0 : 1;
    }
    return false;
  }

  static String toText(int[] decisions) {
    return IntStream.of(decisions).mapToObj(Integer::toString).collect(Collectors.joining(","));
  }

  static int[] parse(String schedule) {
    if (schedule.isBlank()) {
      return new int[0];
    }
    try {
      int[] decisions =
          Arrays.stream(schedule.split(",", -1))
              .map(String::strip)
              .mapToInt(Integer::parseInt)
              .toArray();
      if (Arrays.stream(decisions).allMatch(decision -> decision >= 0)) {
        return decisions;
      }
    } catch (NumberFormatException e) {
      // the same complaint
    }
    throw new IllegalArgumentException(
        "a schedule is numbers from 0 with commas between them, as a report has it: " + schedule);
  }

  /**
   * Probabilistic concurrency testing: each fiber has a priority by chance, the highest that is
   * ready runs, and at a few steps, chosen by chance, the priority of the highest becomes the
   * lowest. (Burckhardt, Kothari, Musuvathi, Nagarakatte, <em>A randomized scheduler with
   * probabilistic guarantees of finding bugs</em>, ASPLOS 2010.)
   */
  static final class Priorities {
    private final SplitMix64 random;
    private final Map<Long, Long> priorities = new HashMap<>();
    private final int[] changes;
    private int step;
    private long lowest;

    /**
     * Makes one for one run.
     *
     * @param changes how often the highest becomes the lowest
     * @param steps among how many steps
     */
    Priorities(long seed, int changes, int steps) {
      this.random = new SplitMix64(seed);
      this.changes = new int[changes];
      for (int i = 0; i < changes; i++) {
        this.changes[i] = random.nextInt(Math.max(1, steps));
      }
    }

    int highest(int bound, IntToLongFunction numbers) {
      int highest = find(bound, numbers);
      for (int change : changes) {
        if (change == step) {
          priorities.put(numbers.applyAsLong(highest), --lowest);
          highest = find(bound, numbers);
        }
      }
      step++;
      return highest;
    }

    private int find(int bound, IntToLongFunction numbers) {
      int highest = 0;
      long most = Long.MIN_VALUE;
      for (int i = 0; i < bound; i++) {
        long priority =
            priorities.computeIfAbsent(numbers.applyAsLong(i), n -> random.nextLong() >>> 1);
        if (priority > most) {
          most = priority;
          highest = i;
        }
      }
      return highest;
    }

    int any(int bound) {
      return random.nextInt(bound);
    }
  }
}
