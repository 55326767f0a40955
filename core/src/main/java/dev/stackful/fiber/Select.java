package dev.stackful.fiber;

import dev.stackful.internal.fiber.Choices;
import dev.stackful.internal.fiber.FiberFrames;
import dev.stackful.internal.fiber.Selection;
import dev.stackful.internal.fiber.WaiterQueue.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the first of several operations, on channels, locks, values that come once and fibers
 * that end, and does that one alone.
 *
 * {@snippet class="dev.stackful.examples.snippets.Channels" region="select"}
 *
 * <p>Where several could be done at once, one of them is chosen by chance, so that none is passed
 * over for ever; the chance is the runtime's, and takes the same course each time. A channel that
 * is closed and has no element left drops out; when all have, {@link #select()} throws {@link
 * ChannelClosedException}. A send to a closed channel throws it, too.
 *
 * <p>The cases are settings: {@code select()} may be called any number of times.
 *
 * @param <R> what the cases give
 * @since 0.1.0
 */
public final class Select<R extends @Nullable Object> {

  static {
    FiberFrames.hide(Select.class);
  }

  private final List<SelectCase<R>> cases = new ArrayList<>();
  private @Nullable Duration timeout;
  private @Nullable Supplier<? extends R> onTimeout;
  private @Nullable Supplier<? extends R> otherwise;

  private Select() {}

  /**
   * {@return a select without a case}
   *
   * @param <R> what the cases give
   */
  public static <R extends @Nullable Object> Select<R> create() {
    return new Select<>();
  }

  /**
   * Adds a case: to receive from a channel.
   *
   * @param <T> what passes through the channel
   * @param channel where from
   * @param action what to do with the element; {@code select} returns what it returns
   * @return this
   */
  public <T extends @Nullable Object> Select<R> onReceive(
      Channel<T> channel, Function<? super T, ? extends R> action) {
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(action, "action");
    cases.add(channel.receiving(action));
    return this;
  }

  /**
   * Adds a case: to send to a channel.
   *
   * @param <T> what passes through the channel
   * @param channel where to
   * @param element what to send; may be null
   * @param action what to do when it was sent; {@code select} returns what it returns
   * @return this
   */
  public <T extends @Nullable Object> Select<R> onSend(
      Channel<T> channel, T element, Supplier<? extends R> action) {
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(action, "action");
    cases.add(channel.sending(element, action));
    return this;
  }

  /**
   * Adds a case: to lock a mutex. Its action runs as its owner, and unlocks it.
   *
   * @param mutex what to lock
   * @param action what to do when it is locked; {@code select} returns what it returns
   * @return this
   */
  public Select<R> onLock(Mutex mutex, Supplier<? extends R> action) {
    Objects.requireNonNull(mutex, "mutex");
    Objects.requireNonNull(action, "action");
    cases.add(mutex.locking(action));
    return this;
  }

  /**
   * Adds a case: to take a permit of a semaphore. Its action has the permit, and gives it back.
   *
   * @param semaphore what to take the permit of
   * @param action what to do with the permit; {@code select} returns what it returns
   * @return this
   */
  public Select<R> onAcquire(Semaphore semaphore, Supplier<? extends R> action) {
    Objects.requireNonNull(semaphore, "semaphore");
    Objects.requireNonNull(action, "action");
    cases.add(semaphore.acquiring(action));
    return this;
  }

  /**
   * Adds a case: to get a value that comes once. If an exception comes in its place, {@code select}
   * throws what {@link Deferred#await} would.
   *
   * @param <T> what the value is
   * @param deferred where it comes
   * @param action what to do with the value; {@code select} returns what it returns
   * @return this
   */
  public <T extends @Nullable Object> Select<R> onValue(
      Deferred<T> deferred, Function<? super T, ? extends R> action) {
    Objects.requireNonNull(deferred, "deferred");
    Objects.requireNonNull(action, "action");
    cases.add(deferred.awaiting(action));
    return this;
  }

  /**
   * Adds a case: that a fiber has ended. If it didn't succeed, {@code select} throws what {@link
   * Fiber#join} would.
   *
   * @param <T> what the fiber returns
   * @param fiber whose end to wait for; of the same runtime, unless it has ended
   * @param action what to do with its result; {@code select} returns what it returns
   * @return this
   */
  public <T extends @Nullable Object> Select<R> onJoin(
      Fiber<T> fiber, Function<? super T, ? extends R> action) {
    Objects.requireNonNull(fiber, "fiber");
    Objects.requireNonNull(action, "action");
    cases.add(fiber.joining(action));
    return this;
  }

  /**
   * Sets what to do when none of the cases could be done for a time, counted from each call of
   * {@code select}. The last one that is set counts.
   *
   * @param duration how long to wait
   * @param action what to do then; {@code select} returns what it returns
   * @return this
   * @throws IllegalArgumentException if the duration is negative
   */
  public Select<R> onTimeout(Duration duration, Supplier<? extends R> action) {
    timeout = Durations.check(duration, "duration");
    onTimeout = Objects.requireNonNull(action, "action");
    return this;
  }

  /**
   * Sets what to do when none of the cases can be done at once: {@code select} never waits then,
   * nor does it tell that all channels have come to their end, which {@link Channel#isDrained()}
   * does. The last one that is set counts.
   *
   * @param action what to do; {@code select} returns what it returns
   * @return this
   */
  public Select<R> otherwise(Supplier<? extends R> action) {
    otherwise = Objects.requireNonNull(action, "action");
    return this;
  }

  /**
   * Does one of the cases, and waits until one can be done.
   *
   * @return what the case's action returned; what it throws comes out as it is
   * @throws ChannelClosedException if all the channels to receive from are closed and have no
   *     element left, and there is neither another case nor a time to wait for; or if a channel to
   *     send to is closed
   * @throws IllegalStateException if there is no case, or the caller isn't a fiber of the channels'
   *     runtime
   * @throws FiberCancelled if the fiber was cancelled; nothing was sent or received then
   */
  public R select() {
    Fiber<?> me = Fiber.requireCurrent("Select.select");
    if (cases.isEmpty() && onTimeout == null && otherwise == null) {
      throw new IllegalStateException("a select without a case would wait for ever");
    }
    cases.forEach(SelectCase::checkUser);
    long deadline = timeout == null ? 0 : me.scheduler().clock().deadline(timeout);
    while (true) {
      me.beginOperation(); // also after the end of a channel, which ends no select
      SelectCase<R> ready = chooseReady(me.scheduler().choices());
      if (ready != null) {
        Object result = ready.take();
        if (result == SelectCase.NOTHING) {
          continue; // another thread has just given up what made it ready
        }
        return ready.finish(result);
      }
      if (otherwise != null) {
        return otherwise.get();
      }
      Selection selection = selection(me, deadline);
      me.core().block(selection);
      Waiter chosen = selection.chosen();
      if (chosen == null) {
        return Objects.requireNonNull(onTimeout).get();
      }
      SelectCase<R> done = cases.get(chosen.index());
      Object result = chosen.takeResult();
      if (!done.hasEnded(result)) {
        return done.finish(result);
      }
    }
  }

  private @Nullable SelectCase<R> chooseReady(Choices choices) {
    SelectCase<R> chosen = null;
    int count = 0;
    for (SelectCase<R> one : cases) {
      // The second replaces the first in one case of two, the third in one of three, and so on.
      if (one.isReady() && (++count == 1 || choices.chooseCase(count) == 0)) {
        chosen = one;
      }
    }
    return chosen;
  }

  private Selection selection(Fiber<?> me, long deadline) {
    Selection selection = new Selection(me.core());
    int open = 0;
    for (int i = 0; i < cases.size(); i++) {
      SelectCase<R> one = cases.get(i);
      if (!one.isOver()) {
        selection.add(one.queue(), i, one.given());
        open++;
      }
    }
    if (timeout != null) {
      selection.setAlarm(me.alarm(), deadline);
    } else if (open == 0) {
      throw new ChannelClosedException(
          "cannot select: every channel is closed and has no element left");
    }
    return selection;
  }
}
