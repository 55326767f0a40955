package dev.stackful.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * How many times the score of one benchmark that of others is, in one run.
 *
 * @param what in words
 * @param over the benchmark whose score is divided
 * @param under those by whose sum it is divided
 */
record Ratio(String what, String over, List<Term> under) {
  /**
   * A part of a sum.
   *
   * @param times how often it comes
   * @param benchmark whose score
   */
  record Term(int times, String benchmark) {}

  private static final String ROUND_TRIP = "RoundTripBenchmark.coroutineNative";
  private static final String CONTINUATION = "RoundTripBenchmark.continuation";
  private static final String BARE_SWITCH = "RawSwitchBenchmark.rawSwitch";
  private static final List<Term> FLOOR =
      List.of(
          new Term(2, "RawSwitchBenchmark.downcall"),
          new Term(2, "FloorBenchmark.threadPointerWrite"),
          new Term(2, "FloorBenchmark.mispredictedReturn"));
  private static final String CREATE = "CreateBenchmark.coroutineNative";

  static final List<Ratio> ALL =
      List.of(
          new Ratio("a round trip / the JDK's Continuation", ROUND_TRIP, CONTINUATION),
          new Ratio(
              "a round trip / virtual threads on one carrier",
              ROUND_TRIP,
              "RoundTripBenchmark.virtualThreadsOneCarrier"),
          new Ratio(
              "a round trip / virtual threads", ROUND_TRIP, "RoundTripBenchmark.virtualThreads"),
          new Ratio(
              "a round trip / platform threads", ROUND_TRIP, "RoundTripBenchmark.platformThreads"),
          new Ratio(
              "a round trip with UseSystemMemoryBarrier / without",
              "RoundTripBenchmark.coroutineNativeMemoryBarrier",
              ROUND_TRIP),
          new Ratio(
              "a round trip from a virtual thread / from a platform thread",
              "RoundTripBenchmark.coroutineNativeOnVirtualThread",
              ROUND_TRIP),
          new Ratio(
              "a round trip, threads that spin / threads that park",
              "RoundTripBenchmark.coroutinePlatformThread",
              "RoundTripBenchmark.coroutinePlatformThreadParked"),
          new Ratio("a transfer / a round trip", "TransferBenchmark.transferNative", ROUND_TRIP),
          new Ratio("a round trip / the bare switch", ROUND_TRIP, BARE_SWITCH),
          new Ratio("a round trip / its floor", ROUND_TRIP, FLOOR),
          new Ratio("the bare switch / that floor", BARE_SWITCH, FLOOR),
          new Ratio("a round trip / a downcall", ROUND_TRIP, "RawSwitchBenchmark.downcall"),
          new Ratio(
              "create, yield, finish / the JDK's Continuation",
              CREATE,
              "CreateBenchmark.continuation"),
          new Ratio(
              "create, yield, finish / virtual threads on one carrier",
              CREATE,
              "CreateBenchmark.virtualThreadsOneCarrier"),
          new Ratio(
              "create, yield, finish / platform threads",
              CREATE,
              "CreateBenchmark.platformThreads"),
          new Ratio(
              "a generator's element / a round trip",
              "GeneratorBenchmark.generatorIterator",
              ROUND_TRIP),
          new Ratio(
              "a generator's element, buffered(64) / unbuffered",
              "GeneratorBenchmark.generatorIteratorBuffered",
              "GeneratorBenchmark.generatorIterator"),
          new Ratio(
              "a generator's element, buffered(64) / put into a buffer and taken from it",
              "GeneratorBenchmark.generatorIteratorBuffered",
              "GeneratorBenchmark.putAndTake"),
          new Ratio(
              "a foreign coroutine's round trip / a coroutine's",
              "PeersForeignRoundTripBenchmark.foreignCoroutine",
              ROUND_TRIP),
          new Ratio(
              "a foreign coroutine's round trip, critical / ordinary",
              "PeersForeignRoundTripBenchmark.foreignCoroutineCritical",
              "PeersForeignRoundTripBenchmark.foreignCoroutine"),
          new Ratio(
              "a foreign coroutine's round trip / its machine code",
              "PeersForeignRoundTripBenchmark.foreignCoroutine",
              "PeersForeignRoundTripBenchmark.rawFromJava"),
          new Ratio(
              "a foreign coroutine's round trip / its machine code, both critical",
              "PeersForeignRoundTripBenchmark.foreignCoroutineCritical",
              "PeersForeignRoundTripBenchmark.rawFromJavaCritical"),
          new Ratio(
              "a round trip in C++ / Boost.Context's fiber",
              "PeersForeignRoundTripBenchmark.stackfulInC",
              "PeersForeignRoundTripBenchmark.boostFiberInC"),
          new Ratio(
              "a row of sqlite3_exec, foreign coroutine / plain upcall",
              "SqliteBenchmark.foreignCoroutine",
              "SqliteBenchmark.plainUpcall"),
          new Ratio(
              "a row of sqlite3_exec, critical foreign coroutine / plain upcall",
              "SqliteBenchmark.foreignCoroutineCritical",
              "SqliteBenchmark.plainUpcall"),
          new Ratio(
              "a row of sqlite3_exec, coroutine and upcall / plain upcall",
              "SqliteBenchmark.coroutineAndUpcall",
              "SqliteBenchmark.plainUpcall"),
          new Ratio(
              "an event of Expat, foreign coroutine / plain upcall",
              "ExpatBenchmark.foreignCoroutine",
              "ExpatBenchmark.plainUpcall"),
          new Ratio(
              "an event of Expat, critical foreign coroutine / plain upcall",
              "ExpatBenchmark.foreignCoroutineCritical",
              "ExpatBenchmark.plainUpcall"),
          new Ratio(
              "an event of Expat, coroutine and upcall / plain upcall",
              "ExpatBenchmark.coroutineAndUpcall",
              "ExpatBenchmark.plainUpcall"),
          new Ratio("fiber to fiber / a round trip", "YieldBenchmark.fiberNative", ROUND_TRIP),
          new Ratio(
              "fiber to fiber / a transfer",
              "YieldBenchmark.fiberNative",
              "TransferBenchmark.transferNative"),
          toVirtualThreads("fiber to fiber", "YieldBenchmark"),
          toKotlin("fiber to fiber", "YieldBenchmark"),
          new Ratio(
              "one way of the bare switch / fiber to fiber by kotlinx.coroutines",
              BARE_SWITCH,
              List.of(new Term(2, "YieldBenchmark.kotlin"))),
          toVirtualThreads("spawn to finish", "SpawnBenchmark"),
          toKotlin("spawn to finish", "SpawnBenchmark"),
          toVirtualThreads("ping-pong over channels", "ChannelBenchmark"),
          toKotlin("ping-pong over channels", "ChannelBenchmark"),
          toVirtualThreads("a ring of 10,000", "RingBenchmark"),
          toKotlin("a ring of 10,000", "RingBenchmark"),
          toVirtualThreads("skynet", "SkynetBenchmark"),
          toKotlin("skynet", "SkynetBenchmark"),
          new Ratio(
              "skynet, depth first / virtual threads on one carrier",
              "SkynetBenchmark.fiberNativeDepthFirst",
              "SkynetBenchmark.virtualThreadsOneCarrier"),
          new Ratio(
              "skynet, depth first / kotlinx.coroutines",
              "SkynetBenchmark.fiberNativeDepthFirst",
              "SkynetBenchmark.kotlin"));

  private static Ratio toVirtualThreads(String what, String benchmark) {
    return new Ratio(
        what + " / virtual threads on one carrier",
        benchmark + ".fiberNative",
        benchmark + ".virtualThreadsOneCarrier");
  }

  private static Ratio toKotlin(String what, String benchmark) {
    return new Ratio(
        what + " / kotlinx.coroutines", benchmark + ".fiberNative", benchmark + ".kotlin");
  }

  private Ratio(String what, String over, String under) {
    this(what, over, List.of(new Term(1, under)));
  }

  /** The benchmarks that it needs. */
  List<String> benchmarks() {
    return Stream.concat(Stream.of(over), under.stream().map(Term::benchmark)).toList();
  }

  /** The ratio of such scores. */
  double of(ToDoubleFunction<String> score) {
    double sum = 0;
    for (Term term : under) {
      sum += term.times() * score.applyAsDouble(term.benchmark());
    }
    return score.applyAsDouble(over) / sum;
  }
}
