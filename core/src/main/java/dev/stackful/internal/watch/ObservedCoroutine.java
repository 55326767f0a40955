package dev.stackful.internal.watch;

import org.jspecify.annotations.Nullable;

/** A coroutine, as those see it that look on. */
public interface ObservedCoroutine {
  /** Its name. */
  String name();

  /** The name of its engine. */
  String engineName();

  /** The thread that it has while it is started; null before and after. */
  @Nullable Thread thread();

  /** Whether it runs, or waits for another that it resumed. */
  boolean isRunningNow();

  /** Unwinds it, if it is suspended. */
  void close();
}
