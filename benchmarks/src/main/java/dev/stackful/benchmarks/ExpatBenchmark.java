package dev.stackful.benchmarks;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.Yielder;
import dev.stackful.foreign.ForeignCallback;
import dev.stackful.foreign.ForeignCoroutine;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One event of a document's 6,000 through Expat's handlers for starts, ends and text: pushed into
 * upcalls, which is the ordinary way; pulled out of a foreign coroutine; pulled out of a coroutine
 * whose upcalls yield. Expat's own work is in all of them. Java reads a byte of the event.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ExpatBenchmark {
  static final Optional<CLibrary> LIBRARY = CLibrary.load("libexpat.so.1");

  private static final int ELEMENTS = 2_000;
  private static final int EVENTS = 3 * ELEMENTS;

  private static final FunctionDescriptor PARSE =
      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT);
  private static final FunctionDescriptor START =
      FunctionDescriptor.ofVoid(ADDRESS, CLibrary.C_STRING, CLibrary.C_STRINGS);
  private static final FunctionDescriptor END =
      FunctionDescriptor.ofVoid(ADDRESS, CLibrary.C_STRING);
  private static final FunctionDescriptor TEXT =
      FunctionDescriptor.ofVoid(ADDRESS, CLibrary.C_STRING, JAVA_INT);

  private static final MethodHandle PARSE_HANDLE =
      LIBRARY.map(library -> library.downcall("XML_Parse", PARSE)).orElse(null);
  private static final MethodHandle RESET = link("XML_ParserReset", JAVA_BYTE, ADDRESS, ADDRESS);
  private static final MethodHandle SET_ELEMENTS =
      link("XML_SetElementHandler", null, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle SET_TEXT =
      link("XML_SetCharacterDataHandler", null, ADDRESS, ADDRESS);

  private static MethodHandle link(
      String function, MemoryLayout result, MemoryLayout... arguments) {
    FunctionDescriptor descriptor =
        result == null
            ? FunctionDescriptor.ofVoid(arguments)
            : FunctionDescriptor.of(result, arguments);
    return LIBRARY.map(library -> library.downcall(function, descriptor)).orElse(null);
  }

  /** A parser and a document in memory. */
  @State(Scope.Thread)
  public static class Document {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment text =
        arena.allocateFrom("<a>x" + "<item n='1'>text</item>".repeat(ELEMENTS - 1) + "</a>");
    private MemorySegment parser;

    @Setup
    public void create() throws Throwable {
      parser =
          (MemorySegment)
              link("XML_ParserCreate", ADDRESS, ADDRESS).invokeExact(MemorySegment.NULL);
    }

    void reset(MemorySegment start, MemorySegment end, MemorySegment characters) {
      try {
        byte ignored = (byte) RESET.invokeExact(parser, MemorySegment.NULL);
        SET_ELEMENTS.invokeExact(parser, start, end);
        SET_TEXT.invokeExact(parser, characters);
      } catch (Throwable t) {
        throw new IllegalStateException(t);
      }
    }

    /** The document without the zero at its end. */
    int length() {
      return (int) text.byteSize() - 1;
    }

    int parse() {
      try {
        return (int) PARSE_HANDLE.invokeExact(parser, text, length(), 1);
      } catch (Throwable t) {
        throw new IllegalStateException(t);
      }
    }

    @TearDown(Level.Trial)
    public void free() throws Throwable {
      link("XML_ParserFree", null, ADDRESS).invokeExact(parser);
      arena.close();
    }
  }

  private static void check(int status, int events) {
    if (status != 1 || events != EVENTS) {
      throw new IllegalStateException("status " + status + " after " + events + " events");
    }
  }

  /** Upcalls that add up. */
  @State(Scope.Thread)
  public static class Adder {
    MemorySegment start;
    MemorySegment end;
    MemorySegment text;
    int events;
    long sum;

    @Setup
    public void make() {
      start = CLibrary.upcall(MethodHandles.lookup(), this, "start", START);
      end = CLibrary.upcall(MethodHandles.lookup(), this, "end", END);
      text = CLibrary.upcall(MethodHandles.lookup(), this, "text", TEXT);
    }

    void start(MemorySegment unused, MemorySegment name, MemorySegment attributes) {
      add(name);
    }

    void end(MemorySegment unused, MemorySegment name) {
      add(name);
    }

    void text(MemorySegment unused, MemorySegment text, int length) {
      add(text);
    }

    void add(MemorySegment pointer) {
      events++;
      sum += pointer.get(JAVA_BYTE, 0);
    }
  }

  /** Upcalls that yield. */
  @State(Scope.Thread)
  public static class Yielding extends Adder {
    Yielder<Void, MemorySegment> yielder;

    @Override
    void add(MemorySegment pointer) {
      yielder.yield(pointer);
    }
  }

  /** A foreign coroutine with its callbacks. */
  @State(Scope.Thread)
  public static class Ordinary {
    ForeignCoroutine parse;
    ForeignCallback start;
    ForeignCallback end;
    ForeignCallback text;

    ForeignCoroutine.Builder builder() {
      return ForeignCoroutine.builder();
    }

    @Setup
    public void open() {
      parse = builder().build();
      start = parse.callback(START);
      end = parse.callback(END);
      text = parse.callback(TEXT);
    }

    @TearDown(Level.Trial)
    public void close() {
      parse.close();
    }
  }

  /** One that is resumed by critical downcalls. */
  @State(Scope.Thread)
  public static class Critical extends Ordinary {
    @Override
    ForeignCoroutine.Builder builder() {
      return super.builder().critical();
    }
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long plainUpcall(Document document, Adder adder) {
    document.reset(adder.start, adder.end, adder.text);
    adder.events = 0;
    check(document.parse(), adder.events);
    return adder.sum;
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long coroutineAndUpcall(Document document, Yielding handlers) {
    document.reset(handlers.start, handlers.end, handlers.text);
    Coroutine<Void, MemorySegment> parse =
        Coroutine.builder()
            .engine(Engine.NATIVE)
            .build(
                (self, first) -> {
                  handlers.yielder = self;
                  document.parse();
                  return null;
                });
    long sum = 0;
    int events = 0;
    for (MemorySegment event = parse.resume(); event != null; event = parse.resume()) {
      sum += event.get(JAVA_BYTE, 0);
      events++;
    }
    check(1, events);
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long foreignCoroutine(Document document, Ordinary events) {
    return pull(document, events);
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long foreignCoroutineCritical(Document document, Critical events) {
    return pull(document, events);
  }

  private static long pull(Document document, Ordinary handlers) {
    document.reset(handlers.start.function(), handlers.end.function(), handlers.text.function());
    ForeignCoroutine parse = handlers.parse;
    parse.start(
        LIBRARY.orElseThrow().address("XML_Parse"),
        PARSE,
        document.parser,
        document.text,
        document.length(),
        1);
    long sum = 0;
    int events = 0;
    while (parse.resume()) {
      sum += parse.called().getSegment(1).get(JAVA_BYTE, 0);
      events++;
    }
    check((int) parse.result(), events);
    return sum;
  }
}
