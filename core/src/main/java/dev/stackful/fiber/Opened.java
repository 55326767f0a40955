package dev.stackful.fiber;

/** What a fiber has opened and must close before its end, the last first. */
abstract class Opened {
  /** Closes it, as its fiber does. */
  abstract void close();

  /** Its fiber has ended without closing it. */
  abstract void abandon();
}
