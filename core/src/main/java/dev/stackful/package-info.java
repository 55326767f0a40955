/**
 * Coroutines, and what turns code that pushes into code that is pulled, and the other way round:
 * generators, sinks and transducers.
 *
 * <p>A {@link dev.stackful.Coroutine} has a stack of its own. {@link
 * dev.stackful.Coroutine#resume(Object) resume} runs its body up to the next {@link
 * dev.stackful.Yielder#yield(Object) yield}, which may stand at any depth of calls below the body.
 * A {@link dev.stackful.Generator} is the same seen as an {@link java.lang.Iterable}, a {@link
 * dev.stackful.Sink} as a {@link java.util.function.Consumer}, a {@link dev.stackful.Transducer} as
 * a stage of a stream; {@link dev.stackful.io} does that for bytes and characters. An {@link
 * dev.stackful.Engine} says how control gets from one stack to another.
 *
 * <p>Unless a method says otherwise, a null argument for which null is no value is refused by a
 * {@link java.lang.NullPointerException} that names the parameter, and a refusal changes nothing.
 *
 * <h2>Seeing into it</h2>
 *
 * A suspended coroutine is a thread in every thread dump ({@code jcmd PID Thread.print}), under its
 * name and with its whole stack; on {@link dev.stackful.Engine#VIRTUAL_THREAD}, in those dumps that
 * show virtual threads.
 *
 * <h3 id="watchdog">Watchdog</h3>
 *
 * A body that waits for a lock which its resumer holds waits for ever, and the JVM's own search for
 * deadlocks doesn't see it. The system property {@code stackful.watchdog}, off by default, has a
 * thread of the library look for that: {@code true} for every second, or a number of milliseconds.
 * What two looks in a row find is logged once, at {@code ERROR}, to the {@link System.Logger} named
 * {@code dev.stackful}, with the coroutine, the lock, its owner, and the stacks of all the threads
 * that wait for each other. It recognises
 *
 * <ul>
 *   <li>a coroutine that is blocked on a monitor, or waits without a time limit for a {@link
 *       java.util.concurrent.locks.ReentrantLock} or another {@link
 *       java.util.concurrent.locks.AbstractOwnableSynchronizer}, which its resumer holds, or the
 *       resumer's resumer, and so on, or a thread that itself waits for one of these;
 *   <li>a coroutine that waits for the initialization of a class in whose static initializer one of
 *       its resumers is, where the JVM has the diagnostic command {@code Thread.print}.
 * </ul>
 *
 * It sees platform threads only: neither coroutines on {@code VIRTUAL_THREAD}, nor what a virtual
 * thread that resumes one holds. Nor does it see waits that have no owner, as for a semaphore, a
 * latch or the read half of a read-write lock. It needs the module {@code java.management}. While
 * it is on, a resume is slower.
 *
 * <h3 id="leaks">Leaks</h3>
 *
 * With the system property {@code stackful.leaks=true} each coroutine remembers where it was made,
 * and one that is found abandoned while suspended is logged, at {@code WARNING}, with that stack
 * trace. Making a coroutine is then slower, by a stack trace.
 *
 * <h3>Flight Recorder</h3>
 *
 * Where the module {@code jdk.jfr} is present, a recording may ask for these events, all off by
 * default: {@code dev.stackful.CoroutineStart} and {@code dev.stackful.CoroutineEnd}, on the
 * coroutine's thread; {@code dev.stackful.CoroutineRun}, on the resumer's thread, which lasts from
 * a resume to what came back of it; {@code dev.stackful.CoroutineAbandoned}, when a suspended
 * coroutine has become unreachable and is about to be unwound.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.stackful;

import org.jspecify.annotations.NullMarked;
