package dev.stackful.examples.foreign;

import dev.stackful.Generator;
import dev.stackful.GeneratorScope;
import dev.stackful.examples.xml.XmlEvents;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** The events that Expat pushes into three handlers, pulled as one stream. */
public final class ExpatEvents {
  private ExpatEvents() {}

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
