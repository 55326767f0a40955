package dev.stackful.examples.foreign;

import dev.stackful.Generator;
import dev.stackful.GeneratorScope;
import dev.stackful.examples.xml.XmlEvents;
import dev.stackful.foreign.ForeignCallback;
import dev.stackful.foreign.ForeignCoroutine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The events that Expat pushes into three handlers, pulled as one stream.
 *
 * <p>{@code XML_Parse} runs as a foreign coroutine, once for each buffer, and each of its calls of
 * one of the three callbacks suspends it. The iterator belongs to the thread that made it. One that
 * is left early must be closed.
 */
public final class ExpatEvents implements Iterator<ExpatEvent>, AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  private final ForeignCoroutine parse = ForeignCoroutine.ofConfined();
  private final ForeignCallback start = parse.callback(Expat.START_DESCRIPTOR);
  private final ForeignCallback end = parse.callback(Expat.END_DESCRIPTOR);
  private final ForeignCallback text = parse.callback(Expat.TEXT_DESCRIPTOR);
  private final Expat parser;

  private @Nullable ExpatEvent next;
  private boolean inCallback;
  private boolean ended;

  private ExpatEvents(XmlEvents.Source source) throws IOException {
    try {
      parser = new Expat(source.open(), arena);
      parser.setHandlers(start.function(), end.function(), text.function());
    } catch (Throwable t) {
      parse.close();
      arena.close();
      throw t;
    }
  }

  /**
   * The events of a document, by a foreign coroutine.
   *
   * @param source opens the document
   * @return its events, none of which was asked for yet
   * @throws IOException if the document can't be opened
   */
  public static ExpatEvents of(XmlEvents.Source source) throws IOException {
    return new ExpatEvents(source);
  }

  /**
   * Whether there is another event: has Expat go on up to it.
   *
   * @throws ExpatException where the document isn't well-formed; the iteration has ended then
   * @throws UncheckedIOException where it can't be read
   */
  @Override
  public boolean hasNext() {
    try {
      while (next == null && !ended) {
        if (parse.state() == ForeignCoroutine.State.SUSPENDED) {
          advance();
        } else {
          parser.read();
          parse.start(Expat.parseFunction(), Expat.PARSE_DESCRIPTOR, parser.parseArguments());
        }
      }
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    }
    return next != null;
  }

  /** Runs the parser to its next call or to the end of its buffer. */
  private void advance() {
    inCallback = parse.resume();
    if (inCallback) {
      next = event(parse.called());
      return;
    }
    int status = (int) Objects.requireNonNull(parse.result(), "XML_Parse returns an int");
    ended = parser.isAtEnd() || status == Expat.STATUS_ERROR;
    try {
      parser.check(status);
    } finally {
      if (ended) {
        close();
      }
    }
  }

  private ExpatEvent event(ForeignCallback called) {
    if (called == start) {
      return Expat.startElement(start.getSegment(1), start.getSegment(2));
    } else if (called == end) {
      return Expat.endElement(end.getSegment(1));
    } else {
      return Expat.text(text.getSegment(1), text.getInt(2));
    }
  }

  @Override
  public ExpatEvent next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    ExpatEvent event = Objects.requireNonNull(next);
    next = null;
    return event;
  }

  /** Stops the parser, if it has not ended, and closes the document. */
  @Override
  public void close() {
    ended = true;
    next = null;
    if (arena.scope().isAlive()) {
      if (inCallback) {
        parser.stop();
      }
      while (inCallback) { // some calls may follow
        inCallback = parse.resume();
      }
      parse.close();
      try {
        parser.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        arena.close();
      }
    }
  }

  /**
   * The events of a document, by a coroutine: its body calls {@code XML_Parse}, whose handlers are
   * upcalls into Java, which yield.
   *
   * @param source opens the document, each time it is iterated
   * @return its events; the iterator throws {@link ExpatException} where it isn't well-formed, and
   *     a {@link dev.stackful.CoroutineException} where it can't be read
   */
  public static Generator<ExpatEvent> yieldedByUpcalls(XmlEvents.Source source) {
    return Generator.of(
        scope -> {
          try (Arena arena = Arena.ofConfined();
              Expat parser = new Expat(source.open(), arena)) {
            YieldingHandlers handlers = new YieldingHandlers(scope, parser);
            handlers.install(arena);
            boolean more = true;
            while (more) {
              more = parser.read();
              int status = parser.parse();
              handlers.rethrow();
              parser.check(status);
            }
          }
        });
  }

  /** Called by C. */
  @SuppressWarnings("UnusedMethod") // by their names
  private static final class YieldingHandlers {
    private final GeneratorScope<ExpatEvent> scope;
    private final Expat parser;
    private @Nullable Throwable thrown;

    YieldingHandlers(GeneratorScope<ExpatEvent> scope, Expat parser) {
      this.scope = scope;
      this.parser = parser;
    }

    void install(Arena arena) {
      parser.setHandlers(
          pointer("start", Expat.START_DESCRIPTOR, arena),
          pointer("end", Expat.END_DESCRIPTOR, arena),
          pointer("text", Expat.TEXT_DESCRIPTOR, arena));
    }

    private MemorySegment pointer(String name, FunctionDescriptor descriptor, Arena arena) {
      try {
        MethodType type = descriptor.toMethodType();
        MethodHandle handler = MethodHandles.lookup().bind(this, name, type);
        return Linker.nativeLinker().upcallStub(handler, descriptor, arena);
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(e.getMessage(), e);
      }
    }

    private void start(MemorySegment unused, MemorySegment name, MemorySegment attributes) {
      if (thrown == null) {
        deliver(Expat.startElement(name, attributes));
      }
    }

    private void end(MemorySegment unused, MemorySegment name) {
      if (thrown == null) {
        deliver(Expat.endElement(name));
      }
    }

    private void text(MemorySegment unused, MemorySegment text, int length) {
      if (thrown == null) {
        deliver(Expat.text(text, length));
      }
    }

    /**
     * No exception may leave an upcall, not even the one that unwinds the coroutine: it is kept,
     * Expat is told to stop, and it goes on when {@code XML_Parse} has returned. Until then Expat
     * may still call a handler.
     */
    private void deliver(ExpatEvent event) {
      try {
        scope.yield(event);
      } catch (Throwable t) {
        thrown = t;
        parser.stop();
      }
    }

    void rethrow() {
      if (thrown != null) {
        throw CLibrary.rethrow(thrown);
      }
    }
  }
}
