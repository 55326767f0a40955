package dev.stackful.fiber;

import dev.stackful.internal.engine.Headroom;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes elements from fiber to fiber, in order. A {@linkplain #rendezvous() rendezvous} holds
 * none: a send waits for a receive. A {@linkplain #bounded bounded} channel holds some, and a send
 * waits while it is full. Any number of fibers may send and receive; those that wait are served in
 * the order in which they came.
 *
 * {@snippet class="dev.stackful.examples.snippets.Channels" region="channels"}
 *
 * <h2>The end</h2>
 *
 * {@link #close} says that nothing more will be sent. Receivers get what is left, and then see the
 * end: a {@code for} loop ends, {@link #receive} throws {@link ChannelClosedException}. {@code
 * null} is an element like any other and never marks the end.
 *
 * <h2>Confinement</h2>
 *
 * A channel belongs to the runtime of the fiber that uses it first, and all its methods but {@link
 * #toString} are for that runtime's fibers. They throw {@link IllegalStateException} if another
 * calls. Another thread that has something for a channel spawns a fiber which sends it, or
 * completes a stage that a fiber {@linkplain Fiber#await awaits}.
 *
 * @param <T> what passes through
 */
public final class Channel<T extends @Nullable Object> implements Iterable<T>, AutoCloseable {
  private static final VarHandle OWNER;

  static {
    try {
      OWNER = MethodHandles.lookup().findVarHandle(Channel.class, "owner", Scheduler.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Stands for a null in the buffer, which can't hold one. */
  private static final Object NULL = new Object();

  /** What a receive finds at the end. */
  private static final Object END = new Object();

  /** The iterator doesn't know yet what comes next. */
  private static final Object UNKNOWN = new Object();

  private final int capacity;
  private final ArrayDeque<Object> buffer = new ArrayDeque<>();
  private final WaiterQueue senders = new WaiterQueue("send to", this);
  private final WaiterQueue receivers = new WaiterQueue("receive from", this);
  private @Nullable String name;
  private @Nullable Scheduler owner;
  private boolean closed;

  private Channel(@Nullable String name, int capacity) {
    this.name = name;
    this.capacity = capacity;
  }

  /**
   * {@return a channel that holds no element: a send waits for a receive}
   *
   * @param <T> what passes through
   */
  public static <T extends @Nullable Object> Channel<T> rendezvous() {
    return new Channel<>(null, 0);
  }

  /**
   * A rendezvous with a name.
   *
   * @param <T> what passes through
   * @param name what messages and traces call it
   * @return the channel
   */
  public static <T extends @Nullable Object> Channel<T> rendezvous(String name) {
    return new Channel<>(Objects.requireNonNull(name, "name"), 0);
  }

  /**
   * A channel that holds elements.
   *
   * @param <T> what passes through
   * @param capacity how many it holds, at least 1
   * @return the channel
   * @throws IllegalArgumentException if the capacity is less than 1
   */
  public static <T extends @Nullable Object> Channel<T> bounded(int capacity) {
    return new Channel<>(null, checked(capacity));
  }

  /**
   * A channel that holds elements and has a name.
   *
   * @param <T> what passes through
   * @param name what messages and traces call it
   * @param capacity how many it holds, at least 1
   * @return the channel
   * @throws IllegalArgumentException if the capacity is less than 1
   */
  public static <T extends @Nullable Object> Channel<T> bounded(String name, int capacity) {
    return new Channel<>(Objects.requireNonNull(name, "name"), checked(capacity));
  }

  private static int checked(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "a channel's capacity must be at least 1: " + capacity + "; without, use rendezvous()");
    }
    return capacity;
  }

  /**
   * Sends an element, and waits until the channel holds it or, if it is a rendezvous, until it is
   * received.
   *
   * @param element what to send; may be null
   * @throws ChannelClosedException if the channel is closed, or is closed while this waits; the
   *     element was not received then
   * @throws IllegalStateException if the caller isn't a fiber of the channel's runtime
   * @throws FiberCancelled if the fiber was cancelled; the element was not sent then
   */
  public void send(T element) {
    Fiber<?> me = user("Channel.send");
    me.throwIfCancelled();
    if (trySendNow(element)) {
      return;
    }
    Waiter waiter = me.waiter();
    waiter.value = element;
    senders.add(waiter);
    me.scheduler.block(me, waiter);
    if (waiter.closed) {
      throw sendToClosed();
    }
  }

  /**
   * Receives an element, and waits for one if there is none.
   *
   * @return the element; may be null
   * @throws ChannelClosedException if the channel is closed and has none left
   * @throws IllegalStateException if the caller isn't a fiber of the channel's runtime
   * @throws FiberCancelled if the fiber was cancelled; no element was taken then
   */
  public T receive() {
    Fiber<?> me = user("Channel.receive");
    me.throwIfCancelled();
    Object element = receiveOrEnd(me);
    if (element == END) {
      throw drained();
    }
    return cast(element);
  }

  /** Receives an element, which may have to be waited for, or END. */
  private @Nullable Object receiveOrEnd(Fiber<?> me) {
    if (canReceive()) {
      return receiveNow();
    }
    if (closed) {
      return END;
    }
    Waiter waiter = me.waiter();
    receivers.add(waiter);
    me.scheduler.block(me, waiter);
    Object element = waiter.value;
    waiter.value = null;
    return waiter.closed ? END : element;
  }

  /**
   * Sends an element if that needs no waiting.
   *
   * @param element what to send; may be null
   * @return whether it was sent
   * @throws ChannelClosedException if the channel is closed
   * @throws IllegalStateException if the caller isn't a fiber of the channel's runtime
   */
  public boolean trySend(T element) {
    user("Channel.trySend");
    return trySendNow(element);
  }

  /**
   * Receives an element if there is one, without waiting.
   *
   * @param action what takes the element
   * @return whether there was one; if not, {@link #isDrained()} tells whether there ever will be
   * @throws IllegalStateException if the caller isn't a fiber of the channel's runtime
   */
  public boolean tryReceive(Consumer<? super T> action) {
    Objects.requireNonNull(action, "action");
    user("Channel.tryReceive");
    if (!canReceive()) {
      return false;
    }
    action.accept(cast(receiveNow()));
    return true;
  }

  /**
   * Says that nothing more will be sent. Sends that wait throw {@link ChannelClosedException}, and
   * receivers see the end when they have got what the channel holds. A channel that is closed
   * already stays so.
   *
   * @throws IllegalStateException if the caller isn't a fiber of the channel's runtime
   */
  @Override
  public void close() {
    user("Channel.close");
    if (closed) {
      return;
    }
    Headroom.ensure(); // to end half of those who wait can't be undone
    closed = true;
    end(senders);
    end(receivers); // where one waits, the channel holds nothing
  }

  private static void end(WaiterQueue waiting) {
    Waiter waiter;
    while ((waiter = waiting.poll()) != null) {
      waiter.value = null;
      waiter.closed = true;
      waiter.complete();
    }
  }

  /**
   * {@return whether the channel was closed; it may hold elements still}
   *
   * @throws IllegalStateException if the caller isn't a fiber of the channel's runtime
   */
  public boolean isClosed() {
    user("Channel.isClosed");
    return closed;
  }

  /**
   * {@return whether the channel was closed and holds nothing: no receive will succeed}
   *
   * @throws IllegalStateException if the caller isn't a fiber of the channel's runtime
   */
  public boolean isDrained() {
    user("Channel.isDrained");
    return drainedNow();
  }

  /**
   * Receives until the end, by an iterator whose {@code hasNext} waits for the next element. An
   * element that {@code hasNext} has seen is that iterator's: a loop that is left takes no more
   * than it got.
   */
  @Override
  public Iterator<T> iterator() {
    return new Receiver();
  }

  private final class Receiver implements Iterator<T> {
    /** The element that comes next, END or UNKNOWN. */
    private @Nullable Object ahead = UNKNOWN;

    @Override
    public boolean hasNext() {
      if (ahead == UNKNOWN) {
        Fiber<?> me = user("Channel.iterator");
        me.throwIfCancelled();
        ahead = receiveOrEnd(me);
      }
      return ahead != END;
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException(Channel.this + " is closed and has no element left");
      }
      Object element = ahead;
      ahead = UNKNOWN;
      return cast(element);
    }
  }

  /** The name, or a number once it has been used. */
  @Override
  public String toString() {
    String known = name;
    return known == null ? "a channel not used yet" : known;
  }

  // ---- for selects --------------------------------------------------------------------------

  /** The calling fiber, which may use this channel. */
  Fiber<?> user(String operation) {
    Fiber<?> me = Fiber.requireCurrent(operation);
    if (me.scheduler != owner) {
      own(me, operation);
    }
    return me;
  }

  private void own(Fiber<?> me, String operation) {
    if (OWNER.compareAndSet(this, null, me.scheduler)) {
      if (name == null) {
        name = "channel-" + me.scheduler.nextChannelNumber();
      }
      return;
    }
    throw new IllegalStateException(
        operation
            + ": "
            + this
            + " belongs to "
            + ((Scheduler) OWNER.getVolatile(this)).runtime
            + ", and "
            + me.describe()
            + " to "
            + me.scheduler.runtime);
  }

  boolean canReceive() {
    return !buffer.isEmpty() || !senders.isEmpty();
  }

  boolean canSend() {
    return !receivers.isEmpty() || buffer.size() < capacity;
  }

  boolean isClosedNow() {
    return closed;
  }

  boolean drainedNow() {
    return closed && buffer.isEmpty();
  }

  /** The next element. There is one. */
  @Nullable Object receiveNow() {
    Scheduler scheduler = owner;
    try {
      if (buffer.isEmpty()) {
        Waiter sender = senders.poll();
        Object element = sender.value;
        sender.value = null;
        sender.complete();
        return element;
      }
      Object element = buffer.remove();
      Waiter sender = senders.poll();
      if (sender != null) {
        buffer.add(masked(sender.value));
        sender.value = null;
        sender.complete();
      }
      return element == NULL ? null : element;
    } catch (Throwable t) {
      scheduler.disturbed = true; // the sender is in no queue, and may not have been woken
      scheduler.untilClock = 0;
      throw t;
    }
  }

  /** Sends if that needs no waiting. */
  boolean trySendNow(@Nullable Object element) {
    if (closed) {
      throw sendToClosed();
    }
    Scheduler scheduler = owner;
    try {
      Waiter receiver = receivers.poll();
      if (receiver != null) {
        receiver.value = element;
        receiver.complete();
        return true;
      }
    } catch (Throwable t) {
      scheduler.disturbed = true; // the receiver is in no queue, and may not have been woken
      scheduler.untilClock = 0;
      throw t;
    }
    if (buffer.size() < capacity) {
      buffer.add(masked(element));
      return true;
    }
    return false;
  }

  WaiterQueue senders() {
    return senders;
  }

  WaiterQueue receivers() {
    return receivers;
  }

  ChannelClosedException sendToClosed() {
    return new ChannelClosedException("cannot send to " + this + ": it is closed");
  }

  ChannelClosedException drained() {
    return new ChannelClosedException(
        "cannot receive from " + this + ": it is closed and has no element left");
  }

  private static Object masked(@Nullable Object element) {
    return element == null ? NULL : element;
  }

  @SuppressWarnings("unchecked") // only a T was sent
  T cast(@Nullable Object element) {
    return (T) element;
  }
}
