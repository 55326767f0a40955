package dev.stackful.torture;

import java.util.List;
import java.util.Locale;

/** The programs of {@code ./stackful torture}. */
enum TortureProgram {
  RESUMES(
      "coroutines of all kinds, each resumed by platform and virtual threads in turn, closed,"
          + " raised into, abandoned and replaced, among them comparators of the C library's qsort",
      Soak::soak),
  DEPTH(
      "recursions up to 8,000 levels deep that yield on the way down and up",
      Rounds.inThreads(BodyRounds::depth)),
  COLLECTIONS(
      "garbage collections while suspended stacks hold young and old objects",
      Rounds.inThreads(BodyRounds::collections)),
  EXCEPTIONS(
      "exceptions through coroutines in coroutines: thrown, raised, and by the processor's signals",
      Rounds.inThreads(BodyRounds::exceptions)),
  TRANSFERS(
      "rings of coroutines that transfer to each other", Rounds.inThreads(BodyRounds::transfers)),
  GENERATORS(
      "walks over trees: nested, buffered, as streams, closed early",
      Rounds.inThreads(SourceRounds::generators)),
  STREAMS(
      "compressors and decompressors turned inside out, in pieces of random sizes",
      Rounds.inThreads(SourceRounds::streams)),
  FIBERS(
      "runtimes of fibers with channels, timers, joins and cancellations",
      Rounds.inThreads(SourceRounds::fibers)),
  FOREIGN(
      "qsort on stacks of its own, suspended at each comparison, some closed there",
      Rounds.inThreads(ForeignRounds::sorts)),
  OVERFLOW(
      "stacks and heaps that overflow in the body and in the resumer",
      Rounds.inOneThread(random -> Overflow.run(random.nextInt(1, 97))),
      "-Xmx64m"),
  ABANDONMENT(
      "coroutines dropped by two threads while two others resume theirs",
      Rounds.inOneThread(_ -> AbandonedUnderLoad.run(500 / Check.SLOWNESS))),
  EXIT(
      "JVMs that end while coroutines are suspended and resumed, one after the other",
      ExitUnderLoad::run);

  private final String description;

  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  private final Work work;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> flags;

  TortureProgram(String description, Work work, String... flags) {
    this.description = description;
    this.work = work;
    this.flags = List.of(flags);
  }

  /** What a program does in its JVM. */
  @FunctionalInterface
  interface Work {
    /** Does it for so many seconds, and says how many switches that took. */
    long run(long seconds, long seed) throws Exception;
  }

  /** Its name on the command line and in tables. */
  String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  String description() {
    return description;
  }

  Work work() {
    return work;
  }

  /** Flags of the JVM that it needs beyond those of the configuration. */
  List<String> flags() {
    return flags;
  }
}
