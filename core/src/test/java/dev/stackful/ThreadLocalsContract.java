package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.fiber.FiberRuntime;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose thread-locals a body sees, whatever the engine. */
abstract class ThreadLocalsContract extends EngineContract {
  /** As many bodies as make it likely that each kind gets a stack that another kind had. */
  private static final int BODIES = 50;

  private final ThreadLocal<@Nullable String> plain = new ThreadLocal<>();
  private final ThreadLocal<@Nullable String> inheritable = new InheritableThreadLocal<>();

  ThreadLocalsContract(Engine engine) {
    super(engine);
  }

  // ---- nothing leaks from one body to the next ----------------------------------------------

  /** Leaves thread-locals behind, and tells what the body before has left. */
  private String found() {
    String found = plain.get() + " " + inheritable.get();
    plain.set("left behind");
    inheritable.set("left behind");
    return found;
  }

  @Test
  void aCoroutineFindsNoThreadLocalsOfAnother() {
    for (int i = 0; i < BODIES; i++) {
      Coroutine<Object, String> c =
          coroutine(
              (self, first) -> {
                self.yield(found());
                return found();
              });
      assertEquals("null null", c.resume(""));
      assertEquals("left behind left behind", c.resume(""));
    }
  }

  @Test
  void noThreadLocalsAreFoundOfOneThatThrewOrWasClosed() {
    for (int i = 0; i < BODIES; i++) {
      Coroutine<Object, String> thrower =
          coroutine(
              (self, first) -> {
                found();
                throw new IllegalStateException("thrown");
              });
      assertThrows(IllegalStateException.class, thrower::resume);
      try (Coroutine<String, String> closed = coroutine((self, first) -> self.yield(found()))) {
        assertEquals("null null", closed.resume(""));
      }
    }
  }

  @Test
  void aFiberFindsNoThreadLocalsOfAnother() throws Exception {
    List<String> found = new ArrayList<>();
    try (FiberRuntime runtime = FiberRuntime.builder().engine(engine).build()) {
      for (int i = 0; i < BODIES; i++) {
        runtime.spawn(() -> found.add(found()));
        runtime.run();
      }
    }
    assertEquals(List.of("null null"), found.stream().distinct().toList());
    assertNull(plain.get());
  }

  // ---- a body that sees its resumer's -------------------------------------------------------

  private <T> Generator<T> generator(Generator.Body<T> body) {
    return Generator.of(body).on(engine);
  }

  private <I, O> Coroutine<I, O> sharing(Coroutine.Body<I, O> body) {
    return Coroutine.builder().engine(engine).context(Coroutine.Context.RESUMER).build(body);
  }

  /** Yields what it sees in the two thread-locals. */
  private Generator<String> looks() {
    return generator(
        scope -> {
          while (true) {
            scope.yield(plain.get() + " " + inheritable.get());
          }
        });
  }

  @Test
  void aGeneratorSeesItsConsumersThreadLocals() {
    try (GeneratorIterator<String> seen = looks().iterator()) {
      plain.set("a");
      assertEquals("a null", seen.next());
      inheritable.set("b");
      assertEquals("a b", seen.next());
      plain.set("c");
      inheritable.set("d");
      assertEquals("c d", seen.next());
      plain.remove();
      inheritable.remove();
      assertEquals("null null", seen.next());
    }
  }

  @Test
  void aConsumerSeesWhatAGeneratorSetsAndRemoves() {
    Generator<String> changes =
        generator(
            scope -> {
              plain.set("set");
              inheritable.set("set too");
              scope.yield("");
              plain.remove();
              inheritable.remove();
              scope.yield("");
              plain.set("last");
            });
    GeneratorIterator<String> iterator = changes.iterator();
    iterator.next();
    assertEquals("set", plain.get());
    assertEquals("set too", inheritable.get());
    iterator.next();
    assertNull(plain.get());
    assertNull(inheritable.get());
    assertFalse(iterator.hasNext());
    assertEquals("last", plain.get());
  }

  @Test
  void aResumerWithoutThreadLocalsGetsThoseThatTheBodyMakes() throws Exception {
    for (int i = 0; i < 3; i++) {
      Callable<String> test =
          () -> {
            Coroutine<Object, String> c =
                sharing(
                    (self, first) -> {
                      plain.set("made");
                      inheritable.set("made too");
                      return "";
                    });
            c.resume("");
            return plain.get() + ", " + inheritable.get();
          };
      assertEquals("made, made too", inAnotherThread(test));
      assertEquals("made, made too", inAVirtualThread(test));
    }
  }

  @Test
  void eachResumerSeesItsOwn() throws Exception {
    plain.set("mine");
    try (GeneratorIterator<String> seen = looks().iterator()) {
      for (int i = 0; i < 20; i++) {
        String theirs = "theirs " + i;
        Callable<String> another =
            () -> {
              assertEquals("null null", seen.next());
              plain.set(theirs);
              return seen.next();
            };
        assertEquals(theirs + " null", inAnotherThread(another));
        assertEquals(theirs + " null", inAVirtualThread(another));
        assertEquals("mine null", seen.next());
      }
    }
    assertEquals("mine", plain.get());
  }

  @Test
  void coroutinesAndFibersHaveTheirOwnUnlessToldOtherwise() throws Exception {
    plain.set("resumer's");
    Coroutine<Object, Object> own = coroutine((self, first) -> String.valueOf(plain.get()));
    assertEquals("null", own.resume(""));
    Coroutine<Object, Object> shared = sharing((self, first) -> String.valueOf(plain.get()));
    assertEquals("resumer's", shared.resume(""));
    List<Object> seen = new ArrayList<>();
    try (FiberRuntime runtime = FiberRuntime.builder().engine(engine).build()) {
      runtime.launch(
          () -> {
            seen.add(String.valueOf(plain.get()));
            plain.set("fiber's");
            try (GeneratorIterator<String> inFiber = looks().iterator()) {
              seen.add(inFiber.next());
            }
          });
      runtime.run();
    }
    assertEquals(List.of("null", "fiber's null"), seen);
    assertEquals("resumer's", plain.get());
  }

  @Test
  void throughNestedResumesTheInnermostBodySees() {
    plain.set("outermost");
    Coroutine<Object, Object> outer =
        sharing(
            (self, first) -> {
              try (GeneratorIterator<String> inner = looks().iterator()) {
                String before = inner.next();
                plain.set("from the middle");
                return before + ", " + inner.next();
              }
            });
    assertEquals("outermost null, from the middle null", outer.resume(""));
    assertEquals("from the middle", plain.get());
  }

  @Test
  void aCoroutineWithItsOwnIsTheResumerOfTheOnesInside() {
    plain.set("outermost");
    Coroutine<Object, Object> outer =
        coroutine(
            (self, first) -> {
              plain.set("own");
              try (GeneratorIterator<String> inner = looks().iterator()) {
                return inner.next();
              }
            });
    assertEquals("own null", outer.resume(""));
    assertEquals("outermost", plain.get());
  }

  @Test
  void theTargetOfATransferSeesTheResumers() {
    plain.set("resumer's");
    Coroutine<String, String> target =
        sharing(
            (self, first) -> {
              String seen = first + ", " + plain.get();
              plain.set("target's");
              return self.yield(seen);
            });
    Coroutine<String, String> leaves =
        sharing(
            (self, first) -> {
              plain.set("set before the transfer");
              String back = self.transferTo(target, String.valueOf(plain.get()));
              return back + ", " + plain.get();
            });
    assertEquals("set before the transfer, set before the transfer", leaves.resume(""));
    assertEquals("target's", plain.get());
    plain.set("changed");
    assertEquals("in, changed", leaves.resume("in"));
    target.close();
  }

  @Test
  void aTransferFromOneWithItsOwnLeadsToTheResumersToo() {
    plain.set("resumer's");
    Coroutine<String, String> target = sharing((self, first) -> first + ", " + plain.get());
    Coroutine<String, String> leaves =
        coroutine(
            (self, first) -> {
              plain.set("own");
              self.transferTo(target, String.valueOf(plain.get()));
              return "";
            });
    assertEquals("own, resumer's", leaves.resume(""));
    assertEquals("resumer's", plain.get());
    leaves.close();
  }

  @Test
  void unwoundTheBodySeesWhoeverClosesIt() throws Exception {
    List<Object> seen = new ArrayList<>();
    plain.set("resumer's");
    Coroutine<Object, Object> c =
        sharing(
            (self, first) -> {
              try {
                return self.yield("");
              } finally {
                seen.add(String.valueOf(plain.get()));
              }
            });
    c.resume("");
    inAnotherThread(
        () -> {
          plain.set("closer's");
          c.close();
          return "";
        });
    assertEquals(List.of("closer's"), seen);
  }

  @Test
  void whatABodyThrowsLeavesTheResumersInPlace() {
    plain.set("resumer's");
    Coroutine<Object, Object> c =
        sharing(
            (self, first) -> {
              inheritable.set("set before the throw");
              throw new IllegalStateException("thrown");
            });
    assertThrows(IllegalStateException.class, () -> c.resume(""));
    assertEquals("resumer's", plain.get());
    assertEquals("set before the throw", inheritable.get());
  }

  @Test
  void aThreadThatTheBodyStartsInheritsTheResumers() throws Exception {
    inheritable.set("inherited");
    Coroutine<Object, Object> c =
        sharing((self, first) -> inAnotherThread(() -> String.valueOf(inheritable.get())));
    assertEquals("inherited", c.resume(""));
  }

  @Test
  @SuppressWarnings("ThreadLocalUsage") // nobody's but this test's
  void aSuspendedBodyKeepsNothingOfAResumerThatHasEnded() throws Exception {
    ThreadLocal<Object> local = new ThreadLocal<>();
    try (GeneratorIterator<String> iterator = looks().iterator()) {
      WeakReference<Object> value =
          inAnotherThread(
              () -> {
                Object large = new Object();
                local.set(large);
                iterator.next();
                return new WeakReference<>(large);
              });
      while (value.get() != null) {
        System.gc();
        Thread.sleep(1);
      }
      assertNull(local.get());
    }
  }

  @Test
  void anInitialValueThatResumesWhoAsksForItIsRefused() {
    AtomicReference<GeneratorIterator<String>> self = new AtomicReference<>();
    ThreadLocal<String> circular = ThreadLocal.withInitial(() -> self.get().next());
    Generator<String> asks =
        generator(
            scope -> {
              scope.yield("before");
              scope.yield(circular.get());
            });
    GeneratorIterator<String> iterator = asks.iterator();
    self.set(iterator);
    assertEquals("before", circular.get());
    circular.remove();
    assertThrows(NotResumableException.class, iterator::next);
    circular.set("set");
    assertEquals("set", circular.get());
  }

  @Test
  @SuppressWarnings("LockNotBeforeTry") // taken and released by two in turn
  void readLocksOfBothAreCounted() {
    ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    Generator<String> locks =
        generator(
            scope -> {
              for (int i = 0; i < 3; i++) {
                lock.readLock().lock();
                lock.readLock().lock();
                scope.yield("");
                lock.readLock().unlock();
                lock.readLock().unlock();
                scope.yield("");
              }
            });
    for (GeneratorIterator<String> iterator = locks.iterator(); iterator.hasNext(); ) {
      lock.readLock().lock();
      iterator.next();
      lock.readLock().lock();
      iterator.next();
      lock.readLock().unlock();
      lock.readLock().unlock();
    }
    assertEquals(0, lock.getReadLockCount());
    assertTrue(lock.writeLock().tryLock());
  }

  /** They keep coders, buffers and generators of numbers for each thread. */
  @Test
  void theJdksOwnThreadLocalsServeBoth() throws Exception {
    Path file = Files.createTempFile("stackful", ".txt");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      Generator<String> writes =
          generator(
              scope -> {
                while (true) {
                  channel.write(ByteBuffer.wrap("body ".getBytes(StandardCharsets.UTF_8)));
                  scope.yield(String.format("%.2f %tY", Math.PI, LocalDate.EPOCH));
                  ThreadLocalRandom.current().nextInt();
                }
              });
      try (GeneratorIterator<String> iterator = writes.iterator()) {
        for (int i = 0; i < 3; i++) {
          channel.write(ByteBuffer.wrap("resumer ".getBytes(StandardCharsets.UTF_8)));
          assertEquals(String.format("%.2f %tY", Math.PI, LocalDate.EPOCH), iterator.next());
          ThreadLocalRandom.current().nextInt();
        }
      }
      assertEquals("resumer body ".repeat(3), Files.readString(file));
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void aRefusedResumeChangesNothing() {
    plain.set("mine");
    Coroutine<Object, Object> ended = sharing((self, first) -> "");
    ended.resume("");
    assertThrows(NotResumableException.class, () -> ended.resume(""));
    assertEquals("mine", plain.get());
  }
}
