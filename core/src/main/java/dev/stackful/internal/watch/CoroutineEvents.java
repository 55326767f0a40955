package dev.stackful.internal.watch;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * What coroutines tell the Flight Recorder. All of it is off unless a recording asks for it by
 * name, and where the module {@code jdk.jfr} is absent there is nothing to ask.
 *
 * <p>To register the first event loads and starts a good part of the recorder, which takes longer
 * than all else that a program's first coroutine needs. So it waits until a program has a recorder,
 * by an option or later. From then on an event's own {@code isEnabled} is the check: it reads one
 * field, and follows settings that change while a recording runs, which no listener is told of.
 */
@SuppressWarnings("unused") // an event's fields are read by the Flight Recorder
public final class CoroutineEvents {
  /** Null while there is no recorder to tell. Plain: whoever misses it at first sees it later. */
  private static @Nullable Probes probes;

  private CoroutineEvents() {}

  /** Waits for a recorder, or finds the one that there is. Called once. Never throws. */
  public static void initialize() {
    try {
      Beginning.listen();
    } catch (Throwable t) {
      // no module jdk.jfr, or no memory now: coroutines must work all the same
    }
  }

  /** Is told, at once or later, that there is a recorder. */
  private static final class Beginning implements FlightRecorderListener {
    /** Here, as the verifier loads the interface for whichever class has this call. */
    static void listen() {
      FlightRecorder.addListener(new Beginning());
    }

    @Override
    public void recorderInitialized(FlightRecorder recorder) {
      try {
        probes = new Probes(new Start(), new End(), new Abandoned(), new Run());
      } catch (Throwable t) {
        // no memory for it: a recording lacks these events
      }
    }
  }

  /** Whether the time that coroutines run is to be recorded. */
  static boolean recordsRuns() {
    Probes known = probes;
    return known != null && known.run.isEnabled();
  }

  /** Begins to measure a resume, if that is to be recorded. */
  static @Nullable Run beginRun() {
    if (!recordsRuns()) {
      return null;
    }
    Run event = new Run();
    event.begin();
    return event;
  }

  static void endRun(Run event, ObservedCoroutine core) {
    event.end();
    if (event.shouldCommit()) {
      event.commitFor(core);
    }
  }

  /** Called on the coroutine's thread, before its body. Never throws. */
  public static void started(ObservedCoroutine core) {
    Probes known = probes;
    if (known != null && known.start.isEnabled()) {
      try {
        new Start().commitFor(core);
      } catch (Throwable t) {
        // no memory for the event: the coroutine must go on
      }
    }
  }

  /** Called on the coroutine's thread: the body has returned or thrown. Never throws. */
  public static void ended(ObservedCoroutine core, @Nullable Throwable thrown) {
    Probes known = probes;
    if (known != null && known.end.isEnabled()) {
      try {
        End event = new End();
        event.thrown = thrown == null ? null : thrown.getClass();
        event.commitFor(core);
      } catch (Throwable t) {
        // no memory for the event: the result must be delivered
      }
    }
  }

  /** Nobody can resume a suspended coroutine any more; it is about to be unwound. Never throws. */
  static void abandoned(ObservedCoroutine core) {
    Probes known = probes;
    if (known != null && known.abandoned.isEnabled()) {
      try {
        new Abandoned().commitFor(core);
      } catch (Throwable t) {
        // no memory for the event: it must be unwound
      }
    }
  }

  /** One event of each kind, never committed, to ask whether its kind is enabled. */
  private record Probes(Start start, End end, Abandoned abandoned, Run run) {}

  /** What every event says. */
  abstract static class OfCoroutine extends Event {
    @Label("Coroutine")
    @Description(
        "Its name; in a Coroutine Run the name of the one resumed, whatever it transferred to")
    @Nullable String coroutine;

    @Label("Engine")
    @Nullable String engine;

    final void commitFor(ObservedCoroutine core) {
      coroutine = core.name();
      engine = core.engineName();
      commit();
    }
  }

  @Name("dev.stackful.CoroutineStart")
  @Label("Coroutine Start")
  @Description("A coroutine begins to run, as this thread")
  @Category("Stackful")
  @Enabled(false)
  @StackTrace(false)
  private static final class Start extends OfCoroutine {}

  @Name("dev.stackful.CoroutineEnd")
  @Label("Coroutine End")
  @Description("The body of the coroutine that this thread was has returned or thrown")
  @Category("Stackful")
  @Enabled(false)
  @StackTrace(false)
  private static final class End extends OfCoroutine {
    @Label("Thrown")
    @Description("The class of what the body threw, if it threw")
    @Nullable Class<?> thrown;
  }

  @Name("dev.stackful.CoroutineAbandoned")
  @Label("Coroutine Abandoned")
  @Description("A suspended coroutine became unreachable without having been closed")
  @Category("Stackful")
  @Enabled(false)
  @StackTrace(false)
  private static final class Abandoned extends OfCoroutine {}

  /** One resume, up to what came back of it. */
  @Name("dev.stackful.CoroutineRun")
  @Label("Coroutine Run")
  @Description("A coroutine ran, resumed by this thread, up to a yield or its end")
  @Category("Stackful")
  @Enabled(false)
  @StackTrace(false)
  static final class Run extends OfCoroutine {}
}
