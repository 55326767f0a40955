package dev.stackful;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;

import dev.stackful.internal.engine.NativeEngine;
import dev.stackful.internal.engine.StackSource;
import dev.stackful.internal.engine.StartupChecks;
import dev.stackful.internal.engine.ThreadStackSource;
import dev.stackful.internal.os.Lazy;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How control gets from one stack to another. Every engine gives the same semantics: <em>a
 * coroutine is a thread of its own that runs only while somebody resumes it.</em> They differ in
 * speed, in what they need and in how many coroutines fit.
 *
 * {@snippet class="dev.stackful.examples.snippets.Engines" region="engines"}
 *
 * {@link #preferred()} is the native engine where this machine offers it, else {@link
 * #PLATFORM_THREAD}; the system property {@code stackful.engine}, set to a constant's name, chooses
 * another for the whole program. Case doesn't count in it, and {@code -} stands for {@code _} too.
 *
 * @apiNote Take {@link #NATIVE} for speed, from whatever threads: resumed by a virtual thread it is
 *     six times as fast as {@link #VIRTUAL_THREAD}, or more. Take {@link #VIRTUAL_THREAD} for
 *     hundreds of thousands, or for bodies that block and are resumed by virtual threads: on {@code
 *     NATIVE} each of these keeps a carrier while it blocks. 200 virtual threads, each of which
 *     pulled two elements from a body that slept 20 ms before each, took 4 s on {@code NATIVE} with
 *     two carriers, and 0.1 s on {@code VIRTUAL_THREAD}. {@link Coroutine.Builder#engineByResumer}
 *     leaves it to the first resume.
 * @since 0.1.0
 */
public enum Engine {
  /**
   * Our own context switch in machine code: tens of nanoseconds. Linux on x86-64 or AArch64,
   * HotSpot, glibc, native access. A coroutine costs a kernel thread that sleeps, two memory
   * mappings and 25 to 50 KiB, so some 30,000 fit under Linux's default limits ({@code
   * vm.max_map_count}, {@code kernel.pid_max}).
   *
   * <p>The resumer's kernel thread runs the body, and is billed for it: {@link
   * java.lang.management.ThreadMXBean#getThreadCpuTime} of the resumer counts the body's time. A
   * virtual thread that resumes a coroutine is pinned to its carrier until the body yields, and
   * what blocks in the body blocks the carrier.
   *
   * @implNote A switch keeps what a called function must keep: the callee-saved registers and the
   *     control bits of floating point, hence rounding modes (System V ABI, AMD64 supplement, 3.2.1
   *     and 3.2.3; AAPCS64, 6.1). It changes the thread pointer with the stack, as HotSpot and
   *     glibc find their thread by it. Ended coroutines leave their stacks for others; a stack that
   *     nobody has needed for some 10 seconds ends with its thread.
   */
  NATIVE,

  /**
   * A platform thread for each coroutine. Runs everywhere. As many fit as the machine allows
   * threads.
   *
   * <p>A side that waits spins for 20 to 50 microseconds, where that has paid, and then {@linkplain
   * java.util.concurrent.locks.LockSupport parks}. So a round trip takes a fraction of a
   * microsecond while both sides have a processor and run for a short time; where they don't, it
   * takes as long as it takes to park and to be unparked, twice. Spinning takes processor time: a
   * side that waits uses as much as one that runs. {@code -Dstackful.spin=false} has every wait
   * park at once.
   */
  PLATFORM_THREAD,

  /**
   * A virtual thread for each coroutine: a million suspended ones fit, as they take memory alone.
   * Runs everywhere. It waits as {@link #PLATFORM_THREAD} does, and spins only where there are two
   * carriers or more.
   *
   * <p>A body that yields under a native frame or in a static initializer keeps its carrier for as
   * long as it is suspended; as many of these as there are carriers, and no virtual thread runs.
   */
  VIRTUAL_THREAD;

  /** The system property that chooses the preferred engine by name. */
  private static final String PROPERTY = "stackful.engine";

  private static final Lazy<Engine> PREFERRED =
      new Lazy<>() {
        @Override
        protected Engine make() {
          return choose();
        }
      };

  private static Engine choose() {
    String name = System.getProperty(PROPERTY);
    if (name == null || name.isBlank()) {
      if (NATIVE.isAvailable()) {
        return NATIVE;
      }
      System.getLogger("dev.stackful")
          .log(
              System.getProperty("os.name", "").equals("Linux") ? INFO : DEBUG,
              "coroutines run on platform threads, as the engine NATIVE is not available: "
                  + NATIVE.unavailableReason());
      return PLATFORM_THREAD;
    }
    String wanted = propertyValue(name.strip());
    return Arrays.stream(values())
        .filter(engine -> propertyValue(engine.name()).equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the system property %s is %s; it must be one of %s"
                        .formatted(PROPERTY, name, propertyValues())));
  }

  private static String propertyValue(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String propertyValues() {
    return Arrays.stream(values())
        .map(engine -> propertyValue(engine.name()))
        .collect(Collectors.joining(", "));
  }

  /**
   * {@return whether this machine offers the engine} The first call on {@link #NATIVE} runs its
   * checks, a switch there and back included; the answer is the same for the life of the JVM.
   */
  public boolean isAvailable() {
    return this != NATIVE || StartupChecks.refusal().isEmpty();
  }

  /**
   * {@return why the engine is not available and what would help, such as a flag of the JVM; empty
   * if it is available}
   */
  public String unavailableReason() {
    return this == NATIVE ? StartupChecks.refusal().orElse("") : "";
  }

  /**
   * Refuses the engine if it is not available, as everything that is built with it does.
   *
   * @return this engine
   * @throws EngineUnavailableException if this machine doesn't offer it; the message says why
   */
  public Engine requireAvailable() {
    if (!isAvailable()) {
      throw new EngineUnavailableException(
          "the engine " + this + " is not available: " + unavailableReason());
    }
    return this;
  }

  /**
   * {@return the engine of coroutines that ask for none} It is chosen at the first call, and stays.
   * One that the system property names need not be available.
   *
   * @throws IllegalArgumentException if the system property {@code stackful.engine} names no engine
   */
  public static Engine preferred() {
    return PREFERRED.get();
  }

  /**
   * Where the engine's stacks come from.
   *
   * @throws EngineUnavailableException if this machine doesn't offer it
   */
  StackSource stacks() {
    return switch (requireAvailable()) {
      case NATIVE -> NativeEngine.instance();
      case PLATFORM_THREAD -> ThreadStackSource.PLATFORM;
      case VIRTUAL_THREAD -> ThreadStackSource.VIRTUAL;
    };
  }
}
