package dev.stackful.internal.fiber;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/**
 * Writes which fiber ran when, as an array of events in Chrome's trace-event format (<em>Trace
 * Event Format</em>, Google, the JSON array form), which Perfetto and chrome://tracing open. A
 * fiber is a thread there, each of its turns a complete event (phase X) whose argument says why it
 * ended, each spawn an instant event (phase i) of who spawned.
 *
 * <p>Times are the runtime's clock's. Turns that begin at the same time, as all do between two
 * jumps of a virtual clock, are set a nanosecond apart, so that their order shows. Apart from the
 * clock's readings the text depends on the program and the seed alone.
 */
public final class ChromeTrace {
  /** The root's track; fibers' numbers begin at 1. */
  private static final long ROOT = 0;

  private final Writer out;
  private final Clock clock;
  private final StringBuilder event = new StringBuilder();
  private boolean begun;
  private boolean ended;
  private @Nullable IOException failure;
  private long lastNanos;
  private long turnNanos;

  /**
   * Begins a trace.
   *
   * @param out where to
   * @param process what its one process is called there
   */
  public ChromeTrace(Writer out, String process, Clock clock) {
    this.out = out;
    this.clock = clock;
    metadata("process_name", ROOT, process);
    metadata("thread_name", ROOT, "outside");
  }

  void spawned(FiberCore fiber, @Nullable FiberCore by) {
    metadata("thread_name", fiber.number(), fiber.name());
    long track = by == null ? ROOT : by.number();
    long nanos = Math.max(clock.sinceStartNanos(), lastNanos);
    begin("i", track).append(",\"ts\":");
    micros(nanos);
    event.append(",\"s\":\"t\",\"name\":");
    quote("spawn " + fiber.name());
    end();
  }

  void begins() {
    turnNanos = Math.max(clock.sinceStartNanos(), lastNanos);
  }

  void ends(FiberCore fiber, String why) {
    long nanos = Math.max(clock.sinceStartNanos(), turnNanos + 1);
    lastNanos = nanos;
    begin("X", fiber.number()).append(",\"ts\":");
    micros(turnNanos);
    event.append(",\"dur\":");
    micros(nanos - turnNanos);
    event.append(",\"name\":");
    quote(fiber.name());
    event.append(",\"args\":{\"then\":");
    quote(why);
    event.append('}');
    end();
  }

  /** Ends the array, and flushes. */
  public void close() {
    if (!ended) {
      ended = true;
      try {
        out.write(begun ? "\n]\n" : "[]\n");
        out.flush();
      } catch (IOException e) {
        failure = failure == null ? e : failure;
      } catch (RuntimeException e) {
        failure = failure == null ? broken(e) : failure;
      }
      if (failure != null) {
        throw new UncheckedIOException("the trace is not complete: " + failure, failure);
      }
    }
  }

  private void metadata(String kind, long track, String name) {
    begin("M", track).append(",\"name\":\"").append(kind).append("\",\"args\":{\"name\":");
    quote(name);
    event.append('}');
    end();
  }

  private StringBuilder begin(String phase, long track) {
    event.setLength(0);
    event.append(begun ? ",\n" : "[\n");
    begun = true;
    event.append("{\"ph\":\"").append(phase).append("\",\"pid\":1,\"tid\":").append(track);
    return event;
  }

  private void end() {
    event.append('}');
    if (failure == null && !ended) {
      try {
        out.append(event);
      } catch (IOException e) {
        failure = e; // thrown by close: no fiber can help it
      } catch (RuntimeException e) {
        failure = broken(e);
      }
    }
  }

  private static IOException broken(RuntimeException thrown) {
    return new IOException("the writer threw " + thrown, thrown);
  }

  /** Microseconds with three decimals. */
  private void micros(long nanos) {
    long fraction = nanos % 1_000;
    event.append(nanos / 1_000).append('.');
    event.append(fraction / 100).append(fraction / 10 % 10).append(fraction % 10);
  }

  /** A string of JSON: RFC 8259, section 7. */
  private void quote(String text) {
    event.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        event.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
        event.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          event.append(Character.forDigit((c >>> shift) & 0xf, 16));
        }
      } else {
        event.append(c);
      }
    }
    event.append('"');
  }
}
