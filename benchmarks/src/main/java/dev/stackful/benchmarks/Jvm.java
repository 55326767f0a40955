package dev.stackful.benchmarks;

/** Options for the JVM that runs a benchmark. */
final class Jvm {
  /** The fence of every downcall's return is then paid by who stops the threads. */
  static final String MEMORY_BARRIER = "-XX:+UseSystemMemoryBarrier";

  /** JMH's own: the benchmark's thread is a virtual one. */
  static final String ON_VIRTUAL_THREAD = "-Djmh.executor=VIRTUAL";

  /** Both virtual threads on one carrier: a handover then wakes no kernel thread. */
  static final String ONE_CARRIER = "-Djdk.virtualThreadScheduler.parallelism=1";

  /** The engines of threads don't spin before they park. */
  static final String PARK_AT_ONCE = "-Dstackful.spin=false";

  private Jvm() {}
}
