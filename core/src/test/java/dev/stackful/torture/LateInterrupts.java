package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.internal.engine.NativeEngine;
import dev.stackful.internal.engine.StackTask;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A thread that is interrupted over and over resumes coroutines with its context, which end at
 * once, while its interrupts are passed on to them over and over: none of these may come to another
 * coroutine, whose own thread nobody interrupts, and which has the stack next.
 */
public final class LateInterrupts {
  private static volatile boolean over;

  private LateInterrupts() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    AtomicInteger strangers = new AtomicInteger();
    AtomicInteger passedOn = new AtomicInteger();
    Thread interrupted =
        Thread.ofPlatform().start(() -> interruptedOnes(Coroutine.Context.RESUMER, passedOn));
    Thread other =
        Thread.ofPlatform().start(() -> interruptedOnes(Coroutine.Context.OWN, strangers));
    Thread interrupter =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!over) {
                    interrupted.interrupt();
                  }
                });
    long end = System.nanoTime() + Duration.ofSeconds(Long.parseLong(arguments[0])).toNanos();
    while (System.nanoTime() < end && strangers.get() == 0) {
      NativeEngine.instance().forEachTask(StackTask::passOnInterruptOfResumer);
    }
    over = true;
    interrupted.join();
    other.join();
    interrupter.join();
    System.out.println(passedOn + " passed on, " + strangers + " to others");
    Check.that(passedOn.get() > 0, "none was passed on");
    Check.equal(0, strangers.get(), "interrupts of others");
    System.out.println("ok");
  }

  /** Counts the bodies that are interrupted. */
  private static void interruptedOnes(Coroutine.Context context, AtomicInteger count) {
    Coroutine.Builder builder = Coroutine.builder().engine(Engine.NATIVE).context(context);
    while (!over) {
      Coroutine<Object, Object> coroutine =
          builder.build(
              (yielder, in) -> {
                for (int i = 0; i < 20; i++) {
                  if (Thread.interrupted()) {
                    count.incrementAndGet();
                  }
                }
                return "";
              });
      coroutine.resume("");
      Thread.interrupted();
    }
  }
}
