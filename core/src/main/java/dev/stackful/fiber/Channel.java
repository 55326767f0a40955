package dev.stackful.fiber;

import dev.stackful.internal.fiber.FiberFrames;
import dev.stackful.internal.fiber.OutsideWaiter;
import dev.stackful.internal.fiber.WaiterQueue;
import dev.stackful.internal.fiber.WaiterQueue.Waiter;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
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
 * calls. Other threads send and receive by an {@linkplain FiberRuntime#endpoint endpoint}.
 *
 * @param <T> what passes through
 * @since 0.1.0
 */
public final class Channel<T extends @Nullable Object> extends Confined
    implements Iterable<T>, AutoCloseable {
  static {
    FiberFrames.hide(Channel.class);
  }

  /** What a receive finds at the end, and what the waiting ones get when the channel is closed. */
  private static final Object END = new Object();

  /** How many elements there is room for at the start. */
  private static final int FEW = 8;

  /** The iterator doesn't know yet what comes next. */
  private static final Object UNKNOWN = new Object();

  private final int capacity;
  private final WaiterQueue senders = new WaiterQueue("send to", this);
  private final WaiterQueue receivers = new WaiterQueue("receive from", this);
  private boolean closed;

  /** The elements that it holds, a ring whose length is a power of two. It grows as needed. */
  private @Nullable Object[] buffer;

  /** The place of the first element, by its low bits. */
  private int head;

  private int held;

  private Channel(@Nullable String name, int capacity) {
    super("channel", name);
    this.capacity = capacity;
    this.buffer = new @Nullable Object[capacity == 0 ? 0 : FEW];
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
    me.beginOperation();
    if (!trySendNow(element) && me.waitIn(senders, element) == END) {
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
  @SuppressWarnings("unchecked") // only a T was sent; and a call could overflow, and lose it
  public T receive() {
    Fiber<?> me = user("Channel.receive");
    me.beginOperation();
    Object element = receiveOrEnd(me);
    if (element == END) {
      throw drained();
    }
    return (T) element;
  }

  /** Receives an element, which may have to be waited for, or END. */
  private @Nullable Object receiveOrEnd(Fiber<?> me) {
    if (canReceiveNow()) {
      Object element = receiveNow();
      if (element != END) {
        return element;
      }
    }
    if (closed) {
      return END;
    }
    return me.waitIn(receivers, null);
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
    Object element = canReceiveNow() ? receiveNow() : END;
    if (element == END) {
      return false;
    }
    action.accept(cast(element));
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
    closeNow();
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
    return closed && held == 0;
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
        me.beginOperation();
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

  // ---- for selects --------------------------------------------------------------------------

  /** A case that receives. */
  <R extends @Nullable Object> SelectCase<R> receiving(Function<? super T, ? extends R> action) {
    return new SelectCase<>() {
      @Override
      public void checkUser() {
        user("Select.select");
      }

      @Override
      public boolean isReady() {
        return canReceiveNow();
      }

      @Override
      public boolean isOver() {
        return closed;
      }

      @Override
      public @Nullable Object take() {
        Object element = receiveNow();
        return element == END ? NOTHING : element;
      }

      @Override
      public WaiterQueue queue() {
        return receivers;
      }

      @Override
      public @Nullable Object given() {
        return null;
      }

      @Override
      public boolean hasEnded(@Nullable Object result) {
        return result == END;
      }

      @Override
      public R finish(@Nullable Object element) {
        return action.apply(cast(element));
      }
    };
  }

  /** A case that sends. */
  <R extends @Nullable Object> SelectCase<R> sending(T element, Supplier<? extends R> action) {
    return new SelectCase<>() {
      @Override
      public void checkUser() {
        user("Select.select");
      }

      @Override
      public boolean isReady() {
        if (closed) {
          throw sendToClosed();
        }
        return !receivers.isEmpty() || held < capacity;
      }

      @Override
      public boolean isOver() {
        return false;
      }

      @Override
      public @Nullable Object take() {
        return trySendNow(element) ? null : NOTHING;
      }

      @Override
      public WaiterQueue queue() {
        return senders;
      }

      @Override
      public @Nullable Object given() {
        return element;
      }

      @Override
      public boolean hasEnded(@Nullable Object result) {
        if (result == END) {
          throw sendToClosed();
        }
        return false;
      }

      @Override
      public R finish(@Nullable Object result) {
        return action.get();
      }
    };
  }

  // ---- for other threads, by whoever has control --------------------------------------------

  /** Tells the sender whether it was sent, or that the channel is closed: now or later. */
  void sendFor(OutsideWaiter sender, T element) {
    if (!sender.isPending()) {
      return;
    }
    if (closed) {
      sender.resume(END);
    } else if (receivers.isEmpty() && held >= capacity) {
      senders.add(sender, 0, element);
    } else if (sender.resume(null) && !trySendNow(element)) {
      hold(element); // the receiver, another thread, has just given up: there is one too many
    }
  }

  /** Gives the receiver an element, or the end, now or later. */
  void receiveFor(OutsideWaiter receiver) {
    if (!receiver.isPending()) {
      return;
    }
    if (canReceiveNow()) {
      Object element = receiveNow();
      if (element != END) {
        if (!receiver.resume(element)) {
          putBack(element); // the receiver, another thread, has just given up
        }
        return;
      }
    }
    if (closed) {
      receiver.resume(END);
    } else {
      receivers.add(receiver, 0, null);
    }
  }

  void closeNow() {
    if (!closed) {
      senders.resumeAll(END);
      receivers.resumeAll(END); // where one waits, the channel holds nothing
      closed = true; // last, as the others may fail
    }
  }

  static boolean isEnd(@Nullable Object result) {
    return result == END;
  }

  // ---- inside -------------------------------------------------------------------------------

  private boolean canReceiveNow() {
    return held > 0 || !senders.isEmpty();
  }

  /**
   * Takes the next element. What can fail comes first, and then nothing has changed: no element is
   * lost on its way, and none passes twice.
   *
   * @return END if there is none after all: the only sender, another thread, has just given up
   */
  private @Nullable Object receiveNow() {
    Waiter sender = null;
    Object sent = null;
    while (held <= capacity && (sender = senders.first()) != null) {
      sent = sender.given();
      if (sender.resume(null)) {
        break; // another thread may have given up this moment
      }
    }
    if (held == 0) {
      return sender == null ? END : sent;
    }
    int mask = buffer.length - 1;
    Object element = buffer[head & mask];
    buffer[head & mask] = null;
    if (sender != null) {
      buffer[(head + held) & mask] = sent; // the place behind, which may be the same
    } else {
      held--;
    }
    head++;
    return element;
  }

  /** Sends if that needs no waiting. If it fails, nothing has changed. */
  private boolean trySendNow(@Nullable Object element) {
    if (closed) {
      throw sendToClosed();
    }
    if (receivers.resumeFirst(element)) {
      return true;
    }
    if (held >= capacity) {
      return false;
    }
    hold(element);
    return true;
  }

  private void hold(@Nullable Object element) {
    if (held == buffer.length) {
      grow();
    }
    buffer[(head + held) & (buffer.length - 1)] = element;
    held++;
  }

  /** Holds what was taken as the first again, though that be one too many. */
  private void putBack(@Nullable Object element) {
    if (held == buffer.length) {
      grow();
    }
    head--;
    buffer[head & (buffer.length - 1)] = element;
    held++;
  }

  private void grow() {
    int length = buffer.length;
    @Nullable Object[] larger = Arrays.copyOf(buffer, Math.max(FEW, 2 * length));
    if (length == 0) {
      buffer = larger;
      return;
    }
    int first = head & (length - 1);
    System.arraycopy(buffer, first, larger, 0, length - first);
    System.arraycopy(buffer, 0, larger, length - first, first);
    buffer = larger;
    head = 0;
  }

  private ChannelClosedException sendToClosed() {
    return new ChannelClosedException("cannot send to " + this + ": it is closed");
  }

  private ChannelClosedException drained() {
    return new ChannelClosedException(
        "cannot receive from " + this + ": it is closed and has no element left");
  }

  @SuppressWarnings("unchecked") // only a T was sent
  private T cast(@Nullable Object element) {
    return (T) element;
  }
}
