package dev.stackful;

import dev.stackful.internal.engine.NativeEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * First resumes that fail for want of stack, each a little further up than the one before. Idle
 * stacks are there, so that a coroutine gets its own; then the thread that passes on interrupts is
 * to be started, which takes more room.
 */
final class FailedFirstResumes {
  private static final int IDLE_STACKS = 30;
  private static final int COROUTINES = 60;
  private static final AtomicInteger BEGUN = new AtomicInteger();

  private final List<Coroutine<String, String>> coroutines = new ArrayList<>();
  private int resumed;

  private FailedFirstResumes() {
    for (int i = 0; i < COROUTINES; i++) {
      coroutines.add(
          Coroutine.builder()
              .engine(Engine.NATIVE)
              .context(Coroutine.Context.RESUMER)
              .name("failed " + i)
              .<String, String>build(
                  (self, first) -> {
                    BEGUN.incrementAndGet();
                    return self.yield(first);
                  }));
    }
  }

  public static void main(String[] args) throws InterruptedException {
    leaveStacksIdle();
    FailedFirstResumes failed = new FailedFirstResumes();
    Thread thread = new Thread(null, failed::descend, "shallow", 512 * 1024);
    thread.start();
    thread.join();
    if (args[0].equals("stacks")) {
      failed.noneThatIsNewHasAStack();
      return;
    }
    List<Coroutine<String, String>> notBegun = failed.endWhatHasBegun();
    check(!notBegun.isEmpty(), "none has got a stack and not begun");
    Thread last = suspendOnTheLastStack();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> resumeAfterExit(notBegun, last)));
    System.exit(0);
  }

  /** The exit hook comes to it after all the others. */
  private static Thread suspendOnTheLastStack() {
    Coroutine<String, Thread> coroutine =
        Coroutine.builder()
            .engine(Engine.NATIVE)
            .freshStack(true)
            .build(
                (self, first) -> {
                  self.yield(Thread.currentThread());
                  return Thread.currentThread();
                });
    return coroutine.resume("");
  }

  private static void leaveStacksIdle() {
    List<Coroutine<String, String>> suspended = new ArrayList<>();
    for (int i = 0; i < IDLE_STACKS; i++) {
      Coroutine<String, String> coroutine =
          Coroutine.builder().engine(Engine.NATIVE).build((self, first) -> self.yield(first));
      coroutine.resume("");
      suspended.add(coroutine);
    }
    suspended.forEach(Coroutine::close);
  }

  @SuppressWarnings("InfiniteRecursion") // to the end of the stack
  private void descend() {
    try {
      descend();
    } catch (StackOverflowError e) {
      // from here up
    }
    if (resumed < coroutines.size()) {
      try {
        coroutines.get(resumed++).resume("first");
      } catch (StackOverflowError e) {
        // the next one has more room
      }
    }
  }

  /** Returns those that are suspended, but have not begun. */
  private List<Coroutine<String, String>> endWhatHasBegun() {
    List<Coroutine<String, String>> notBegun = new ArrayList<>();
    for (Coroutine<String, String> coroutine : coroutines) {
      if (coroutine.state() == Coroutine.State.SUSPENDED) {
        if (coroutine.stackTrace().length == 0) {
          notBegun.add(coroutine);
        } else {
          coroutine.resume("end");
        }
      }
    }
    return notBegun;
  }

  private void noneThatIsNewHasAStack() {
    for (Coroutine<String, String> coroutine : coroutines) {
      if (coroutine.state() == Coroutine.State.NEW) {
        NativeEngine.instance()
            .forEachTask(
                task ->
                    check(
                        !task.name().equals(coroutine.name()),
                        coroutine + " has a stack, and would take another"));
      }
    }
    System.out.println("no stack is lost");
  }

  private static void resumeAfterExit(List<Coroutine<String, String>> notBegun, Thread last) {
    int before = BEGUN.get();
    while (last.getState() != Thread.State.WAITING) { // for whoever resumes it, in Java now
      Thread.onSpinWait();
    }
    for (Coroutine<String, String> coroutine : notBegun) {
      check("late".equals(coroutine.resume("late")), coroutine + " was begun by nobody");
      check("end".equals(coroutine.resume("end")), coroutine + " did not end");
    }
    check(BEGUN.get() == before + notBegun.size(), "some has begun by itself");
    System.out.println("each began when it was resumed");
  }

  private static void check(boolean holds, String complaint) {
    if (!holds) {
      System.out.println(complaint);
      Runtime.getRuntime().halt(1);
    }
  }
}
