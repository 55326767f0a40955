package dev.stackful.internal.engine;

import dev.stackful.internal.context.ContextSwitch;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

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

  /** A program that stays at its limit isn't to collect garbage all the time. */
  private static final long RECLAIM_AGAIN_NANOS = 2_000_000_000L;

  /** The last and longest of the waits that double; together half a second. */
  private static final int MOST_RECLAIM_WAIT_MILLIS = 256;

  private final NativeStackPool defaultPool = new NativeStackPool(this, DEFAULT_STACK_SIZE_BYTES);
  private final Map<Long, NativeStackPool> pools = new ConcurrentHashMap<>();

  /** Every stack whose thread hasn't ended, by the address of its own context. */
  private final Map<Long, NativeStack> live = new ConcurrentHashMap<>();

  private final AtomicLong stacksStarted = new AtomicLong();
  private volatile boolean exiting;
  private volatile long lastReclaimNanos = System.nanoTime() - RECLAIM_AGAIN_NANOS;

  private NativeEngine() {
    pools.put(DEFAULT_STACK_SIZE_BYTES, defaultPool);
  }

  /** The one native engine of this JVM. To be asked for only once the start-up checks passed. */
  public static NativeEngine instance() {
    return Holder.INSTANCE;
  }

  private static final class Holder {
    static final NativeEngine INSTANCE = start();

    private static NativeEngine start() {
      ContextSwitch.initialize();
      NativeEngine engine = new NativeEngine();
      // Neither inherits anything: these threads outlive the class loader of who came first.
      Thread.ofPlatform()
          .daemon()
          .inheritInheritableThreadLocals(false)
          .name("stackful-janitor")
          .start(() -> engine.trimForEver(Settings.idleStackNanos()));
      try {
        Runtime.getRuntime()
            .addShutdownHook(
                Thread.ofPlatform()
                    .inheritInheritableThreadLocals(false)
                    .name("stackful-exit")
                    .unstarted(engine::exit));
      } catch (IllegalStateException e) {
        engine.exiting = true; // first used while the JVM exits
      }
      return engine;
    }
  }

  @Override
  public CoroutineStack take(StackRequest request) {
    NativeStackPool pool = poolFor(request.stackSizeBytes());
    NativeStack stack = request.fresh() ? null : pool.poll();
    if (stack == null) {
      stack = startOrReclaim(pool);
    }
    stack.prepare(request.threadName(), request.fresh());
    return stack;
  }

  private NativeStack start(NativeStackPool pool) {
    NativeStack stack = NativeStack.start(pool, stacksStarted.incrementAndGet());
    live.put(stack.contextAddress(), stack);
    return stack;
  }

  /**
   * Starts a stack. At the limit, suspended coroutines that nobody holds any more may be what fills
   * it, as the collector has no reason to run: it sees their heap only. So it is made to, once, as
   * java.nio does at the limit of direct memory, and what gets unwound then is waited for.
   */
  private NativeStack startOrReclaim(NativeStackPool pool) {
    try {
      return start(pool);
    } catch (StackLimitException limit) {
      long now = System.nanoTime();
      if (now - lastReclaimNanos < RECLAIM_AGAIN_NANOS) {
        throw limit;
      }
      lastReclaimNanos = now;
      System.gc();
      for (int millis = 1; millis <= MOST_RECLAIM_WAIT_MILLIS; millis *= 2) {
        LockSupport.parkNanos(millis * 1_000_000L);
        NativeStack stack = pool.poll();
        if (stack != null) {
          return stack;
        }
      }
      throw limit;
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
    return live.size();
  }

  boolean isExiting() {
    return exiting;
  }

  NativeStack stackIn(long context) {
    return Objects.requireNonNull(live.get(context), "no stack with this context");
  }

  void forget(NativeStack stack) {
    live.remove(stack.contextAddress(), stack);
  }

  private void trimForEver(long everyNanos) {
    while (!exiting) {
      try {
        Thread.sleep(everyNanos / 1_000_000, (int) (everyNanos % 1_000_000));
      } catch (InterruptedException e) {
        continue; // nobody has a reason to interrupt it
      }
      pools.values().forEach(NativeStackPool::trim);
    }
  }

  /**
   * Has every parked kernel thread go on and wait in Java, where it doesn't delay the exit. A
   * coroutine that runs stays as it is: whoever resumed it is in native code until it yields.
   */
  private void exit() {
    exiting = true;
    if (live.size() > MOST_DETACHED_AT_EXIT) {
      return;
    }
    pools.values().forEach(pool -> pool.retireIdle(Integer.MAX_VALUE));
    live.values().forEach(NativeStack::detach);
  }
}
