package dev.stackful.real;

/** Something that calls back, and computes what can be compared. */
interface Program {
  /**
   * Runs it on the calling thread. Each callback calls {@link Pause#here}.
   *
   * @return what it computed: the same each time, wherever it runs
   */
  String run() throws Exception;
}
