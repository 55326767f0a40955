/**
 * Fibers: bodies of ordinary Java that take turns on one thread.
 *
 * {@snippet class="dev.stackful.examples.snippets.Fibers" region="fibers"}
 *
 * <p>A {@link dev.stackful.fiber.FiberRuntime} runs {@linkplain dev.stackful.fiber.Fiber fibers}
 * that yield, sleep, join and await each other, on the thread that calls {@link
 * dev.stackful.fiber.FiberRuntime#run() run} or in steps; each is a {@link dev.stackful.Coroutine},
 * and from one to the next is one switch. {@link dev.stackful.fiber.Channel}s pass elements between
 * them, {@link dev.stackful.fiber.Select} waits for the first of several, {@link
 * dev.stackful.fiber.FiberScope} ends when all of its fibers have ended. Only one runs at a time,
 * and it runs until it suspends itself: what they share needs no locks, unless it must not be seen
 * half done while its owner is suspended. For that there are a {@link dev.stackful.fiber.Mutex} and
 * its like. A {@link dev.stackful.fiber.FiberExplorer} finds out whether one is missing.
 *
 * <p>The schedule is deterministic. With a {@linkplain dev.stackful.fiber.FiberClock#virtual()
 * virtual clock} a program that sleeps takes the same course each time, and a simulated day takes
 * milliseconds.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.stackful.fiber;

import org.jspecify.annotations.NullMarked;
