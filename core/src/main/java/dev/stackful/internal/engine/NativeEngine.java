package dev.stackful.internal.engine;

import dev.stackful.internal.context.ContextSwitch;
import dev.stackful.internal.context.StackContext;
import dev.stackful.internal.os.Lazy;
import dev.stackful.internal.os.SpinLock;
import dev.stackful.internal.os.SystemCallException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The native engine's stacks: one pool for each size, a janitor that ends the threads of stacks
 * that stay idle, and a shutdown hook that lets the JVM exit without delay.
 */
public final class NativeEngine implements StackSource {
  /** What a platform thread gets by default on 64-bit Linux (-Xss). */
  public static final long DEFAULT_STACK_SIZE_BYTES = 1024 * 1024;

  /** Sizes are rounded up to this, so that nearly equal requests share a pool. */
  private static final long SIZE_STEP_BYTES = 64 * 1024;

  /**
   * Up to so many suspended stacks are woken when the JVM exits. HotSpot waits 300 ms at most for
   * threads in native code (VM_Exit::wait_for_threads_in_native_to_block); waking more than this
   * takes longer than that wait.
   */
  private static final int MOST_DETACHED_AT_EXIT = 2_000;

  /** How many threads are started ahead of need at a time. */
  private static final int MOST_AHEAD = 16;

  /**
   * Every stack whose thread hasn't ended, by its index. Read without a lock by whoever looks at
   * all of them; an entry is there before its stack can run.
   */
  private static volatile @Nullable NativeStack[] directory = new NativeStack[64];

  private static final Lazy<NativeEngine> INSTANCE =
      new Lazy<>() {
        @Override
        protected NativeEngine make() {
          ContextSwitch.initialize();
          NativeEngine made = new NativeEngine();
          made.startHelpers(Settings.idleStackNanos());
          return made;
        }
      };

  /** Guards the places in the directory. */
  private final SpinLock lock = new SpinLock();

  private final ArrayDeque<Integer> freeIndexes = new ArrayDeque<>();
  private int indexesUsed;
  private int liveStacks;

  private final NativeStackPool defaultPool = new NativeStackPool(this, DEFAULT_STACK_SIZE_BYTES);
  private final Map<Long, NativeStackPool> pools = new ConcurrentHashMap<>();

  /** Read without a call where one could fail. */
  volatile boolean exiting;

  private final Reclamation reclamation = new Reclamation();

  private NativeEngine() {
    pools.put(DEFAULT_STACK_SIZE_BYTES, defaultPool);
  }

  /** The one native engine of this JVM. To be asked for only once the start-up checks passed. */
  public static NativeEngine instance() {
    return INSTANCE.get();
  }

  private void startHelpers(long trimEveryNanos) {
    LibraryThreads.daemon("stackful-janitor", new Janitor(trimEveryNanos)).start();
    try {
      Runtime.getRuntime().addShutdownHook(LibraryThreads.daemon("stackful-exit", new Exit()));
    } catch (IllegalStateException e) {
      exiting = true; // first used while the JVM exits
    }
  }

  @Override
  public CoroutineStack take(StackRequest request, StackTask task) {
    ClassLoader loader = Thread.currentThread().getContextClassLoader(); // may be anybody's code
    NativeStackPool pool = poolFor(request.stackSizeBytes());
    NativeStack stack = request.fresh() ? null : pool.poll();
    if (stack == null) {
      stack = startOrReclaim(pool);
    }
    try {
      // Where thread-locals can't be erased, a thread serves one task, and none finds another's. It
      // is asked here and not before: a program's first stack starts while they are looked for.
      boolean serveOnce = request.fresh() || ThreadLocalMaps.refusal().isPresent();
      stack.prepare(request.threadName(), loader, serveOnce);
    } catch (Throwable t) {
      stack.orphaned = true; // a call to give it back could fail as well
      throw t;
    }
    stack.task = task;
    return stack;
  }

  /** One that was started ahead, or a new one. */
  private NativeStack obtain(NativeStackPool pool) {
    NativeStack ahead = pool.pollStarting();
    if (ahead != null) {
      return ahead;
    }
    NativeStack stack = start(pool);
    startAhead(pool);
    stack.awaitStart();
    return stack;
  }

  /**
   * A program that has needed many stacks will need some more. To start a thread and wait for it
   * takes several times as long as to start it, as it must be given a processor first; so a few
   * start side by side, while the program goes on. At most an eighth of those that there are: what
   * nobody needs goes with the other idle ones.
   */
  private void startAhead(NativeStackPool pool) {
    int more = Math.min(MOST_AHEAD, stackCount() / 8);
    try {
      for (int i = 0; i < more && !exiting; i++) {
        pool.giveStarting(start(pool));
      }
    } catch (StackLimitException | OutOfMemoryError e) {
      // whoever needs one will be told
    }
  }

  private NativeStack start(NativeStackPool pool) {
    StackLimits.check();
    int index = takeIndex();
    NativeStack stack = null;
    boolean started = false;
    try {
      stack = new NativeStack(pool, StackContext.allocate(index), index);
      enter(stack);
      stack.start();
      started = true;
      return stack;
    } catch (SystemCallException e) {
      throw new StackLimitException("no memory for another stack's context: " + e.getMessage(), e);
    } finally {
      if (!started) {
        giveIndexBack(index);
        if (stack != null) {
          stack.discard();
        }
      }
    }
  }

  /** The stack that has this index now; null if none has. */
  static @Nullable NativeStack stackAt(int index) {
    return directory[index];
  }

  int takeIndex() {
    lock.lock();
    try {
      Integer free = freeIndexes.poll();
      int index = free == null ? ++indexesUsed : free; // 0 is what stands in a root context
      if (index >= directory.length) {
        directory = Arrays.copyOf(directory, 2 * directory.length);
      }
      return index;
    } finally {
      lock.held = SpinLock.FREE;
    }
  }

  void enter(NativeStack stack) {
    int index = stack.index();
    lock.lock();
    directory[index] = stack;
    liveStacks++;
    lock.held = SpinLock.FREE;
  }

  private void giveIndexBack(int index) {
    lock.lock();
    try {
      if (directory[index] != null) {
        directory[index] = null;
        liveStacks--;
      }
      freeIndexes.push(index);
    } finally {
      lock.held = SpinLock.FREE;
    }
  }

  /** A stack's thread is about to end. */
  void forget(NativeStack stack) {
    giveIndexBack(stack.index());
  }

  private NativeStack startOrReclaim(NativeStackPool pool) {
    Headroom.ensure(); // an overflow half way would leave a thread that nobody knows
    try {
      return obtain(pool);
    } catch (StackLimitException limit) {
      NativeStack reclaimed = reclamation.until(pool::poll);
      if (reclaimed == null) {
        throw limit;
      }
      return reclaimed;
    }
  }

  private NativeStackPool poolFor(long stackSizeBytes) {
    if (stackSizeBytes == 0 || stackSizeBytes == DEFAULT_STACK_SIZE_BYTES) {
      return defaultPool;
    }
    long rounded = (stackSizeBytes + SIZE_STEP_BYTES - 1) / SIZE_STEP_BYTES * SIZE_STEP_BYTES;
    return pools.computeIfAbsent(rounded, size -> new NativeStackPool(this, size));
  }

  /** How many stacks there are, idle ones included. */
  public int stackCount() {
    lock.lock();
    int count = liveStacks;
    lock.held = SpinLock.FREE;
    return count;
  }

  /** Looks at the task of each stack that has one, while all of them go on. */
  public void forEachTask(Consumer<StackTask> action) {
    for (NativeStack stack : directory) {
      StackTask task = stack == null ? null : stack.task();
      if (task != null) {
        action.accept(task);
      }
    }
  }

  /** Ends the threads of stacks that stay idle, until the JVM exits. */
  private final class Janitor implements Runnable {
    private final long everyNanos;

    Janitor(long everyNanos) {
      this.everyNanos = everyNanos;
    }

    @Override
    public void run() {
      while (!exiting) {
        LockSupport.parkNanos(everyNanos);
        Thread.interrupted(); // whoever sent that: it would never park again
        try {
          for (NativeStackPool pool : pools.values()) {
            pool.trim();
          }
        } catch (Throwable t) {
          // No memory, say. What was to be done is done the next time; without a janitor, never.
        }
        adoptOrphans();
      }
    }

    private static void adoptOrphans() {
      for (NativeStack stack : directory) {
        try {
          if (stack != null) {
            stack.adoptOrphan();
          }
        } catch (Throwable t) {
          // the next time; what this one lacks the others needn't
        }
      }
    }
  }

  /**
   * Lets every parked kernel thread continue and wait in Java, where it doesn't delay the exit. A
   * coroutine that runs stays as it is: whoever resumed it is in native code until it yields.
   */
  private final class Exit implements Runnable {
    @Override
    public void run() {
      exiting = true;
      if (stackCount() > MOST_DETACHED_AT_EXIT) {
        return;
      }
      for (NativeStackPool pool : pools.values()) {
        pool.retireIdle(Integer.MAX_VALUE);
      }
      for (NativeStack stack : directory) {
        if (stack != null) {
          try {
            stack.detach();
          } catch (Throwable t) {
            return; // no memory to go on with: the exit takes its 300 ms
          }
        }
      }
    }
  }
}
