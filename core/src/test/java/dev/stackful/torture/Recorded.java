package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.fiber.FiberRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** What a recording of the Flight Recorder holds of coroutines. */
public final class Recorded {
  private static final String PREFIX = "dev.stackful.Coroutine";
  private static final Engine ENGINE = Engine.valueOf(System.getProperty("engine"));

  private Recorded() {}

  /** Runs them all. */
  public static void main(String[] arguments) throws Exception {
    Check.equal(3, twoYields("before"), "what a coroutine returns before any recording");
    Check.scenario("none by default", Recorded::noneByDefault);
    Check.scenario("all of them", Recorded::allOfThem);
    Check.scenario("of fibers", Recorded::ofFibers);
    Check.scenario("of a suspended coroutine", Recorded::begunBeforeTheRecording);
  }

  private static Object twoYields(String name) {
    Coroutine<Object, Object> c =
        Coroutine.builder()
            .engine(ENGINE)
            .name(name)
            .build(
                (self, first) -> {
                  self.yield(1);
                  Thread.sleep(30);
                  self.yield(2);
                  return 3;
                });
    c.resume();
    c.resume();
    return c.resume();
  }

  private static void noneByDefault() throws Exception {
    try (Recording recording = new Recording()) {
      recording.start();
      twoYields("unseen");
      Check.equal(List.of(), events(recording), "what is recorded unasked");
    }
  }

  private static void allOfThem() throws Exception {
    try (Recording recording = new Recording()) {
      for (String kind : List.of("Start", "End", "Abandoned", "Run")) {
        recording.enable(PREFIX + kind);
      }
      recording.start();
      twoYields("seen");
      Coroutine<Object, Object> throwing =
          Coroutine.builder()
              .engine(ENGINE)
              .name("throwing")
              .build(
                  (self, first) -> {
                    throw new IllegalStateException("as it should");
                  });
      Check.thrownBy(IllegalStateException.class, throwing::resume);
      Check.thrownBy(IllegalStateException.class, throwing::resume); // refused: not a run
      boolean[] unwound = new boolean[1];
      abandon(unwound);
      Check.await(
          "the abandoned coroutine is unwound",
          () -> {
            System.gc();
            synchronized (unwound) {
              return unwound[0];
            }
          });
      Check.await("its end is recorded", () -> count(recording).getOrDefault("End", 0L) == 3);
      Map<String, Long> counts = count(recording);
      Check.equal(3L, counts.get("Start"), "starts in " + counts);
      Check.equal(1L, counts.get("Abandoned"), "abandoned in " + counts);
      Check.that(counts.get("Run") == 6 || counts.get("Run") == 5, "runs in " + counts);
      check(events(recording));
    }
  }

  /** Each has a coroutine of its own, though one may begin where another has ended. */
  private static void ofFibers() throws Exception {
    try (Recording recording = new Recording();
        FiberRuntime runtime = FiberRuntime.builder().engine(ENGINE).build()) {
      recording.enable(PREFIX + "Start");
      recording.enable(PREFIX + "End");
      recording.start();
      for (int i = 0; i < 3; i++) {
        runtime.launch(() -> {});
      }
      runtime.run();
      Check.await("their ends are recorded", () -> count(recording).getOrDefault("End", 0L) == 3);
      List<String> names =
          events(recording).stream()
              .filter(event -> event.getEventType().getName().equals(PREFIX + "Start"))
              .map(event -> event.getString("coroutine"))
              .toList();
      Check.equal(List.of("fiber-1", "fiber-2", "fiber-3"), names, "who started");
    }
  }

  private static void check(List<RecordedEvent> events) {
    int runs = 0;
    for (RecordedEvent event : events) {
      String name = event.getString("coroutine");
      Check.equal(ENGINE.name(), event.getString("engine"), "the engine of " + event);
      switch (event.getEventType().getName()) {
        case PREFIX + "Start" ->
            Check.that(List.of("seen", "throwing", "abandoned").contains(name), "" + event);
        case PREFIX + "Abandoned" -> Check.equal("abandoned", name, "" + event);
        case PREFIX + "End" ->
            Check.equal(
                switch (name) {
                  case "seen" -> null;
                  case "throwing" -> IllegalStateException.class.getName();
                  default -> "dev.stackful.ForcedUnwind";
                },
                event.getClass("thrown") == null ? null : event.getClass("thrown").getName(),
                "what ended " + event);
        default -> {
          if (name.equals("seen") && ++runs == 2) {
            Duration ran = event.getDuration();
            Check.that(ran.compareTo(Duration.ofMillis(29)) > 0, "ran " + ran);
          }
        }
      }
    }
    Check.equal(3, runs, "runs of the coroutine seen");
  }

  private static void abandon(boolean[] unwound) {
    Coroutine.builder()
        .engine(ENGINE)
        .name("abandoned")
        .build(
            (self, first) -> {
              try {
                return self.yield("");
              } finally {
                synchronized (unwound) {
                  unwound[0] = true;
                }
              }
            })
        .resume();
  }

  /** Settings that change while a recording runs count at once. */
  private static void begunBeforeTheRecording() throws Exception {
    Coroutine<Object, Object> c =
        Coroutine.builder()
            .engine(ENGINE)
            .name("early")
            .build((self, first) -> self.yield(self.yield("")));
    try (Recording recording = new Recording()) {
      recording.start();
      c.resume();
      recording.enable(PREFIX + "Run");
      c.resume();
      recording.disable(PREFIX + "Run");
      c.resume();
      Check.equal(Map.of("Run", 1L), count(recording), "what is recorded");
    }
  }

  private static Map<String, Long> count(Recording recording) throws Exception {
    return events(recording).stream()
        .collect(
            Collectors.groupingBy(
                event -> event.getEventType().getName().substring(PREFIX.length()),
                Collectors.counting()));
  }

  private static List<RecordedEvent> events(Recording recording) throws Exception {
    Path file = Files.createTempFile("stackful", ".jfr");
    try {
      recording.dump(file);
      List<RecordedEvent> events = new ArrayList<>();
      for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
        if (event.getEventType().getName().startsWith(PREFIX)) {
          events.add(event);
        }
      }
      events.sort((a, b) -> a.getStartTime().compareTo(b.getStartTime()));
      return events;
    } finally {
      Files.delete(file);
    }
  }
}
