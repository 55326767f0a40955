package dev.stackful.internal.watch;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two coroutines are found abandoned at once, one of them while it runs still: each is unwound, once, by a reaper,
 * after it has run.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Each is unwound once.")
@Outcome(expect = Expect.FORBIDDEN, desc = "One is unwound twice, or too early, or never.")
@State
public class ReaperStress {
  private static final long PATIENCE_NANOS = 20_000_000_000L;
  private static final int TOO_EARLY = -1;
  private static final int ONCE_TOO_OFTEN = -2;

  /** Of any: a second time comes when that one has been looked at, so that a later one tells. */
  private static volatile boolean unwoundAgain;

  /** Whether one was never unwound: then there is no need to wait for the others. */
  private static volatile boolean lost;

  private static final class Found implements ObservedCoroutine {
    private final AtomicInteger closed = new AtomicInteger();
    private volatile boolean running;
    private boolean ranAtItsEnd;

    @Override
    public boolean isRunningNow() {
      return running;
    }

    @Override
    public void close() {
      ranAtItsEnd |= running;
      if (closed.incrementAndGet() > 1) {
        unwoundAgain = true;
      }
    }

    @Override
    public String name() {
      return "found";
    }

    @Override
    public String engineName() {
      return "none";
    }

    @Override
    public @Nullable Thread thread() {
      return null;
    }

    int unwound() {
      long start = System.nanoTime();
      while (closed.get() == 0 && !lost) {
        Thread.onSpinWait();
        if (System.nanoTime() - start > PATIENCE_NANOS) {
          lost = true;
        }
      }
      if (unwoundAgain) {
        return ONCE_TOO_OFTEN;
      }
      return ranAtItsEnd ? TOO_EARLY : closed.get();
    }
  }

  private final Found suspended = new Found();
  private final Found running = new Found();
  private final AbandonedCoroutines.Handle<Object> one =
      new AbandonedCoroutines.Handle<>(new Object(), suspended);
  private final AbandonedCoroutines.Handle<Object> another =
      new AbandonedCoroutines.Handle<>(new Object(), running);

  /** One that runs. */
  public ReaperStress() {
    running.running = true;
  }

  /** The collector finds both; it may have done so by itself. */
  @Actor
  public void find() {
    boolean _ = one.enqueue();
    boolean _ = another.enqueue();
  }

  /** Its turn ends. */
  @Actor
  public void suspend() {
    running.running = false;
  }

  /** Waits for the reaper. */
  @Arbiter
  public void unwound(II_Result result) {
    result.r1 = suspended.unwound();
    result.r2 = running.unwound();
  }
}
