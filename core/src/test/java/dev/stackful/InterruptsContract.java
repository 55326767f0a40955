package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whom an interrupt of the resumer reaches, whatever the engine. */
abstract class InterruptsContract extends EngineContract {
  InterruptsContract(Engine engine) {
    super(engine);
  }

  private <I, O> Coroutine<I, O> sharing(Coroutine.Body<I, O> body) {
    return Coroutine.builder().engine(engine).context(Coroutine.Context.RESUMER).build(body);
  }

  @AfterEach
  void noInterruptIsLeft() {
    assertFalse(Thread.interrupted());
  }

  @Test
  void theStatusGoesInWithAResume() {
    Coroutine<Object, Object> c =
        sharing(
            (self, first) -> {
              boolean atFirst = Thread.interrupted();
              self.yield("");
              return atFirst + " " + Thread.interrupted();
            });
    Thread.currentThread().interrupt();
    c.resume("");
    assertFalse(Thread.currentThread().isInterrupted());
    Thread.currentThread().interrupt();
    assertEquals("true true", c.resume(""));
  }

  @Test
  void theStatusComesOutWithAYieldAndAtTheEnd() {
    Coroutine<Object, Object> c =
        sharing(
            (self, first) -> {
              Thread.currentThread().interrupt();
              self.yield("");
              boolean left = Thread.interrupted();
              Thread.currentThread().interrupt();
              return left;
            });
    c.resume("");
    assertTrue(Thread.interrupted());
    assertEquals(false, c.resume(""));
    assertTrue(Thread.interrupted());
  }

  @Test
  void aStatusThatNobodyTakesGoesInAndComesOut() {
    Coroutine<Object, Object> c = sharing((self, first) -> self.yield(""));
    Thread.currentThread().interrupt();
    c.resume("");
    assertTrue(Thread.currentThread().isInterrupted());
    c.resume("");
    assertTrue(Thread.interrupted());
  }

  @Test
  void withAContextOfItsOwnNothingTravels() {
    Coroutine<Object, Object> c =
        coroutine(
            (self, first) -> {
              boolean seen = Thread.currentThread().isInterrupted();
              Thread.currentThread().interrupt();
              self.yield(seen);
              return Thread.interrupted();
            });
    Thread.currentThread().interrupt();
    assertEquals(false, c.resume(""));
    assertTrue(Thread.interrupted());
    assertEquals(true, c.resume(""));
  }

  @Test
  void anInterruptReachesABodyThatBlocks() throws Exception {
    blocksAndIsInterrupted(Executors.newSingleThreadExecutor(), /* nested= */ false);
  }

  @Test
  void anInterruptOfAVirtualThreadReachesABodyThatBlocks() throws Exception {
    blocksAndIsInterrupted(Executors.newVirtualThreadPerTaskExecutor(), /* nested= */ false);
  }

  @Test
  void anInterruptReachesThroughNestedBodies() throws Exception {
    blocksAndIsInterrupted(Executors.newSingleThreadExecutor(), /* nested= */ true);
  }

  private void blocksAndIsInterrupted(ExecutorService executor, boolean nested) throws Exception {
    CountDownLatch blocks = new CountDownLatch(1);
    AtomicLong interruptedAt = new AtomicLong();
    Generator<String> takes =
        Generator.<String>of(
                scope -> {
                  try {
                    blocks.countDown();
                    scope.yield(new LinkedBlockingQueue<String>().take());
                  } catch (InterruptedException e) {
                    interruptedAt.set(System.nanoTime());
                    scope.yield("interrupted, status " + Thread.currentThread().isInterrupted());
                  }
                })
            .on(engine);
    Generator<String> outer =
        nested
            ? Generator.<String>of(
                    scope -> {
                      try (GeneratorIterator<String> inner = takes.iterator()) {
                        scope.yield(inner.next());
                      }
                    })
                .on(engine)
            : takes;
    Future<String> result =
        executor.submit(
            () -> {
              try (GeneratorIterator<String> iterator = outer.iterator()) {
                return iterator.next() + ", then " + Thread.currentThread().isInterrupted();
              }
            });
    blocks.await();
    long before = System.nanoTime();
    executor.shutdownNow();
    assertEquals("interrupted, status false, then false", result.get());
    long millis = TimeUnit.NANOSECONDS.toMillis(interruptedAt.get() - before);
    // promised are 100; a machine that does other things meanwhile may be late
    assertTrue(millis < 1_000L * SLOWNESS, millis + " ms");
  }

  /** The other has a context of its own, so the interrupt can't go along. */
  @Test
  void anInterruptWithWhichABodyTransfersAwayIsNotLost() {
    Thread resumer = Thread.currentThread();
    Coroutine<Object, Object> other =
        Coroutine.builder()
            .engine(engine)
            .<Object, Object>build((self, first) -> self.yield("of the other"));
    Coroutine<Object, Object> c =
        sharing(
            (self, first) -> {
              resumer.interrupt();
              while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
              }
              self.transferTo(other, "");
              return Thread.interrupted();
            });
    assertEquals("of the other", c.resume(""));
    boolean atTheResumer = Thread.interrupted();
    Object atTheBody = c.resume("");
    assertTrue(atTheResumer || atTheBody.equals(true), "nobody has it");
    other.close();
  }

  /** For longer than it takes to look for interrupts. */
  @Test
  void aBodyThatNobodyInterruptsIsLeftAlone() {
    Coroutine<Object, Object> c =
        sharing(
            (self, first) -> {
              Thread.sleep(150);
              return "slept";
            });
    assertEquals("slept", c.resume(""));
  }

  @Test
  void aBodyThatWasInterruptedMayGoOn() throws Exception {
    Coroutine<Object, Object> c =
        sharing(
            (self, first) -> {
              try {
                Thread.sleep(Long.MAX_VALUE);
              } catch (InterruptedException e) {
                self.yield("interrupted");
              }
              return "end";
            });
    Thread me = Thread.currentThread();
    Thread.ofPlatform()
        .start(
            () -> {
              while (c.state() != Coroutine.State.RUNNING) {
                Thread.onSpinWait();
              }
              me.interrupt();
            });
    assertEquals("interrupted", c.resume(""));
    assertFalse(Thread.interrupted());
    assertEquals("end", c.resume(""));
  }

  @Test
  void whatTheBodyThrowsLeavesTheStatusWithTheResumer() {
    Coroutine<Object, Object> c =
        sharing(
            (self, first) -> {
              Thread.currentThread().interrupt();
              throw new InterruptedException("restored");
            });
    assertThrows(CoroutineException.class, () -> c.resume(""));
    assertTrue(Thread.interrupted());
  }
}
