package dev.stackful.fiber;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Engine;
import dev.stackful.fiber.FiberScope.Joiner;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Traces: the same program and seed give the same bytes, on every engine, processor and JDK. The
 * golden files say which.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TraceTest {
  private static final long SEED = 20_25;

  private static FiberRuntime.Builder builder(Engine engine) {
    return FiberRuntime.builder().engine(engine).clock(FiberClock.virtual()).name("traced");
  }

  private static String traceOf(FiberRuntime.Builder builder) throws InterruptedException {
    return traceOf(builder, TraceTest::program);
  }

  private static String traceOf(FiberRuntime.Builder builder, Consumer<FiberRuntime> program)
      throws InterruptedException {
    StringWriter out = new StringWriter();
    try (FiberRuntime runtime = builder.trace(out).build()) {
      program.accept(runtime);
      runtime.run();
    }
    return out.toString();
  }

  /** A little of everything. */
  private static void program(FiberRuntime runtime) {
    Channel<Integer> numbers = Channel.bounded("numbers", 2);
    Channel<String> words = Channel.rendezvous();
    CompletableFuture<String> stage = new CompletableFuture<>();
    runtime.launch(
        "producer \"one\"",
        () -> {
          for (int i = 0; i < 5; i++) {
            numbers.send(i);
            Fiber.sleep(Duration.ofMillis(i));
          }
          numbers.close();
        });
    runtime.launch(
        "producer two",
        () -> {
          words.send("a");
          Fiber.yieldNow();
          words.send(Fiber.await(stage));
          words.close();
        });
    runtime.launch(
        "consumer",
        () -> {
          Select<Object> either =
              Select.create().onReceive(numbers, n -> n).onReceive(words, w -> w);
          for (int i = 0; i < 7; i++) {
            either.select();
          }
          assertThrows(ChannelClosedException.class, either::select);
        });
    runtime.launch(
        () -> {
          Fiber.sleep(Duration.ofHours(24));
          stage.complete("b");
          try (var scope = FiberScope.open(Joiner.<String>anySuccessfulOrThrow())) {
            for (int seconds = 3; seconds > 0; seconds--) {
              Duration duration = Duration.ofSeconds(seconds);
              scope.fork(
                  () -> {
                    Fiber.sleep(duration);
                    return "";
                  });
            }
            scope.join();
          }
        });
  }

  /** Locks, values, time-outs, and what comes from other threads, until all have ended. */
  private static void waits(FiberRuntime runtime) {
    Duration second = Duration.ofSeconds(1);
    Mutex mutex = Mutex.create("the mutex");
    Condition condition = mutex.newCondition();
    Semaphore semaphore = Semaphore.of("the permits", 0);
    Semaphore none = Semaphore.of("none", 0);
    Barrier barrier = Barrier.of("the barrier", 2);
    Deferred<String> deferred = Deferred.create("the value");
    Deferred<String> late = Deferred.create("late");
    Channel<String> fed = Channel.rendezvous("fed");
    runtime.launch(
        "one",
        () -> {
          mutex.lock();
          condition.await();
          mutex.unlock();
          semaphore.acquire();
          barrier.await();
          Fiber.yieldNow();
          deferred.complete("value");
          for (int i = 0; i < 2; i++) {
            mutex.lock();
            Fiber.sleep(second);
            mutex.unlock();
          }
        });
    Fiber<?> two =
        runtime.launch(
            "two",
            () -> {
              mutex.lock();
              Fiber.yieldNow();
              condition.signal();
              mutex.unlock();
              Fiber.yieldNow();
              semaphore.release();
              barrier.await();
              deferred.await();
              mutex.lock();
              mutex.unlock();
              Select.create().onLock(mutex, () -> "").onAcquire(semaphore, () -> "").select();
              mutex.unlock();
            });
    runtime.launch(
        "three",
        () -> {
          timesOut(() -> Fiber.runWithin(second.dividedBy(4), none::acquire));
          timesOut(() -> Fiber.timeout(second.dividedBy(4), late::await));
          timesOut(() -> two.joinWithin(second.dividedBy(4)));
          timesOut(() -> Fiber.await(new CompletableFuture<>(), second));
          try (var scope = FiberScope.open(Joiner.awaitAll(), second)) {
            scope.launch("four", none::acquire);
            timesOut(scope::join);
          }
          runtime.asExecutor().execute(() -> FiberLocal.of("").get());
          try (ChannelEndpoint<String> endpoint = runtime.endpoint(fed)) {
            endpoint.sendAsync("at once");
            fed.receive();
            feeding(endpoint).start();
            fed.receive();
          }
          Fiber.blocking(() -> "");
        });
  }

  private static void timesOut(Executable wait) {
    assertThrows(FiberTimeoutException.class, wait);
  }

  private static Thread feeding(ChannelEndpoint<String> endpoint) {
    return Thread.ofPlatform()
        .unstarted(
            () -> {
              try {
                endpoint.send("by another thread");
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
  }

  private static String golden(String name) throws IOException {
    try (var file = TraceTest.class.getResourceAsStream(name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSameProgramGivesTheSameBytes(Engine engine) throws Exception {
    assertEquals(golden("trace.json"), traceOf(builder(engine)));
  }

  @ParameterizedTest
  @EnumSource
  void theSameSeedGivesTheSameBytes(Engine engine) throws Exception {
    String trace = traceOf(builder(engine).seed(SEED));
    assertEquals(golden("trace-seeded.json"), trace);
    assertNotEquals(golden("trace.json"), trace);
  }

  @ParameterizedTest
  @EnumSource
  void everyKindOfWaitGivesTheSameBytes(Engine engine) throws Exception {
    assertEquals(golden("trace-waits.json"), traceOf(builder(engine), TraceTest::waits));
  }

  @Test
  @SuppressWarnings("unchecked")
  void aTraceIsWhatTheFormatAsksFor() throws Exception {
    List<Map<String, Object>> events =
        (List<Map<String, Object>>) Json.parse(traceOf(builder(Engine.preferred())));
    Map<Object, String> names = new HashMap<>();
    double end = 0;
    List<String> ends = new ArrayList<>();
    for (Map<String, Object> event : events) {
      assertEquals(1.0, event.get("pid"));
      assertTrue(event.get("tid") instanceof Double);
      switch ((String) event.get("ph")) {
        case "M" -> {
          if (event.get("name").equals("thread_name")) {
            names.put(event.get("tid"), (String) ((Map<?, ?>) event.get("args")).get("name"));
          }
        }
        case "X" -> {
          double begin = (Double) event.get("ts");
          assertTrue(begin >= end - 1e-4, "turns don't overlap: " + event);
          assertTrue((Double) event.get("dur") > 0);
          end = begin + (Double) event.get("dur");
          assertEquals(names.get(event.get("tid")), event.get("name"));
          ends.add((String) ((Map<?, ?>) event.get("args")).get("then"));
        }
        case "i" -> {
          assertEquals("t", event.get("s"));
          assertTrue(((String) event.get("name")).startsWith("spawn "));
        }
        default -> throw new AssertionError(event);
      }
    }
    assertTrue(names.containsValue("producer \"one\""), names.toString());
    assertTrue(ends.contains("sleep until PT24H"), ends.toString());
    assertTrue(ends.contains("select of receive from numbers, receive from channel-1"), "" + ends);
    assertTrue(ends.containsAll(List.of("yield", "await a stage", "succeeded", "cancelled")));
  }

  @Test
  void withoutFibersATraceIsAnArrayToo() {
    StringWriter out = new StringWriter();
    builder(Engine.preferred()).name("a\tname\u2028\\").trace(out).build().close();
    assertTrue(Json.parse(out.toString()) instanceof List<?>, out.toString());
    assertTrue(out.toString().contains("a\\u0009name\\u2028\\\\"), out.toString());
  }

  @Test
  void aTraceThatCannotBeWrittenIsToldAtTheEnd() throws Exception {
    Writer full =
        new Writer() {
          @Override
          public void write(char[] buffer, int offset, int length) throws IOException {
            throw new IOException("no space left");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    FiberRuntime runtime = builder(Engine.preferred()).trace(full).build();
    Fiber<String> fiber = runtime.spawn(() -> "unharmed");
    runtime.run();
    assertEquals("unharmed", fiber.join());
    assertThrows(UncheckedIOException.class, runtime::close);
    runtime.close();
  }

  @Test
  void whatAWriterThrowsComesToNoFiber() throws Exception {
    Writer broken =
        new Writer() {
          @Override
          public void write(char[] buffer, int offset, int length) {
            throw new IllegalStateException("broken");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    FiberRuntime runtime = builder(Engine.preferred()).trace(broken).build();
    Fiber<String> fiber = runtime.spawn(() -> "unharmed");
    runtime.run();
    assertEquals("unharmed", fiber.join());
    String message = assertThrows(UncheckedIOException.class, runtime::close).getMessage();
    assertTrue(message.contains("broken"), message);
  }
}
