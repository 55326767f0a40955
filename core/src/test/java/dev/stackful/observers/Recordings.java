package dev.stackful.observers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/** The Flight Recorder, each sampler at its fastest: most samples stop a thread by a signal. */
public final class Recordings implements Observer {
  private static final String FILE = "recording.jfr";

  /** What is counted of a recording. */
  enum Kind {
    EXECUTION("jdk.ExecutionSample", "period=1ms"),
    NATIVE("jdk.NativeMethodSample", "period=1ms"),
    CPU_TIME("jdk.CPUTimeSample", "throttle=1ms"),
    ALLOCATION("jdk.ObjectAllocationSample", "throttle=10000/s");

    private final String event;
    private final String setting;

    Kind(String event, String setting) {
      this.event = event;
      this.setting = setting;
    }

    private String flags() {
      return "," + event + "#enabled=true," + event + "#" + setting;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final class Count {
    private long samples;
    private long inBodies;
  }

  private final Map<Kind, Count> counts = new EnumMap<>(Kind.class);
  private long threadDumps;

  /** Has seen nothing yet. */
  public Recordings() {
    for (Kind kind : Kind.values()) {
      counts.put(kind, new Count());
    }
  }

  @Override
  public List<String> flags(Path folder) {
    StringBuilder recording =
        new StringBuilder("-XX:StartFlightRecording:maxsize=40m,filename=")
            .append(folder.resolve(FILE))
            .append(",jdk.ThreadDump#enabled=true,jdk.ThreadDump#period=10ms")
            .append(",jdk.OldObjectSample#enabled=true,jdk.JavaMonitorEnter#threshold=0ms")
            .append(",jdk.ThreadPark#threshold=0ms");
    for (Kind kind : Kind.values()) {
      recording.append(kind.flags());
    }
    return List.of(recording.toString(), "-XX:FlightRecorderOptions:stackdepth=128");
  }

  @Override
  public void collect(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file) || Files.size(file) == 0) {
      return; // the JVM was halted, which writes none
    }
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        count(recording.readEvent());
      }
    }
  }

  private void count(RecordedEvent event) {
    String name = event.getEventType().getName();
    if (name.equals("jdk.ThreadDump")) {
      threadDumps++;
      return;
    }
    for (Kind kind : Kind.values()) {
      if (name.equals(kind.event)) {
        Count count = counts.get(kind);
        count.samples++;
        if (isInBody(event.getStackTrace())) {
          count.inBodies++;
        }
      }
    }
  }

  /** Whether a body was called there, and not only the library's own code. */
  private static boolean isInBody(RecordedStackTrace trace) {
    if (trace == null) {
      return false;
    }
    List<RecordedFrame> frames = trace.getFrames();
    for (int i = 1; i < frames.size(); i++) {
      RecordedFrame frame = frames.get(i);
      if (frame.getMethod().getName().equals(Bodies.METHOD)
          && Bodies.CLASSES.contains(frame.getMethod().getType().getName())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String seen() {
    return counts.entrySet().stream()
            .map(
                entry ->
                    String.format(
                        Locale.ROOT,
                        "%,d %s samples, %,d in bodies; ",
                        entry.getValue().samples,
                        entry.getKey(),
                        entry.getValue().inBodies))
            .collect(Collectors.joining())
        + threadDumps
        + " thread dumps";
  }

  @Override
  public boolean hasSeen() {
    return counts.values().stream().allMatch(count -> count.samples > 0);
  }

  @Override
  public boolean hasSeenBodies() {
    return counts.values().stream().allMatch(count -> count.inBodies > 0);
  }
}
