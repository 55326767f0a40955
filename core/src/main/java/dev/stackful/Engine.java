package dev.stackful;

import dev.stackful.internal.engine.NativeEngine;
import dev.stackful.internal.engine.StackSource;
import dev.stackful.internal.engine.StartupChecks;
import dev.stackful.internal.engine.ThreadStackSource;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How control gets from one stack to another. Every engine gives the same semantics: <em>a
 * coroutine is a thread of its own that runs only while somebody resumes it.</em> They differ in
 * speed, in what they need and in how many coroutines fit.
 *
 * <p>{@link #preferred()} is the native engine where this machine offers it, else {@link
 * #PLATFORM_THREAD}; the system property {@code stackful.engine}, set to a constant's name, chooses
 * another for the whole program.
 */
public enum Engine {
  /**
   * Our own context switch in machine code: tens of nanoseconds. Linux on x86-64 or AArch64,
   * HotSpot, glibc, native access. A coroutine costs a kernel thread that sleeps and 25 to 50 KiB,
   * so some 30,000 fit under Linux's default limits.
   */
  NATIVE,

  /** A platform thread for each coroutine, handing over by park and unpark. Runs everywhere. */
  PLATFORM_THREAD,

  /** A virtual thread for each coroutine: a million suspended ones fit. Runs everywhere. */
  VIRTUAL_THREAD;

  /** The system property that chooses the preferred engine by name. */
  private static final String PROPERTY = "stackful.engine";

  /** Filled at the first call that gets through; a static initializer that fails stays failed. */
  private static volatile @Nullable Engine preferred;

  private static Engine choose() {
    String name = System.getProperty(PROPERTY);
    if (name == null || name.isBlank()) {
      return NATIVE.isAvailable() ? NATIVE : PLATFORM_THREAD;
    }
    String wanted = name.strip().toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(values())
        .filter(engine -> engine.name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the system property "
                        + PROPERTY
                        + " is "
                        + name
                        + "; it must be one of "
                        + Arrays.toString(values())));
  }

  /**
   * {@return whether this machine offers the engine} The first call on {@link #NATIVE} runs its
   * checks.
   */
  public boolean isAvailable() {
    return this != NATIVE || StartupChecks.refusal().isEmpty();
  }

  /** {@return why the engine is not available and what would help; empty if it is available} */
  public String unavailableReason() {
    return this == NATIVE ? StartupChecks.refusal().orElse("") : "";
  }

  /**
   * {@return the engine that coroutines get which ask for none}
   *
   * @throws IllegalArgumentException if the system property {@code stackful.engine} names no engine
   */
  public static Engine preferred() {
    Engine chosen = preferred;
    if (chosen == null) {
      chosen = choose();
      preferred = chosen;
    }
    return chosen;
  }

  /**
   * Where the engine's stacks come from.
   *
   * @throws EngineUnavailableException if this machine doesn't offer it
   */
  StackSource stacks() {
    return switch (this) {
      case NATIVE -> {
        if (!isAvailable()) {
          throw new EngineUnavailableException(
              "the engine NATIVE is not available: " + unavailableReason());
        }
        yield NativeEngine.instance();
      }
      case PLATFORM_THREAD -> ThreadStackSource.PLATFORM;
      case VIRTUAL_THREAD -> ThreadStackSource.VIRTUAL;
    };
  }
}
