package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.Spliterator;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every parameter of every public method is given null, or what is out of its range. Either it is a
 * value like others, or the refusal names it: a {@link NullPointerException} the parameter, an
 * {@link IllegalArgumentException} the number.
 */
final class ArgumentsTest {
  /** What calls a public method with an argument. */
  @FunctionalInterface
  private interface Call {
    void with(Engine engine, @Nullable Object argument);
  }

  /**
   * One argument.
   *
   * @param parameter the method as {@link #parametersOf} writes it, and which of its parameters
   * @param refusal the text of the refusal, or part of it; null where the argument is a good one
   */
  private record Case(
      String parameter, @Nullable Object argument, @Nullable String refusal, Call call) {}

  private final List<Case> cases = new ArrayList<>();

  ArgumentsTest() {
    refusesNull("Coroutine.of(Body) 0", "body", (e, none) -> Coroutine.of(null));
    takes("Coroutine.resume(Object) 0", (e, value) -> echo(e).resume(value), null, "");
    refusesNull("Coroutine.raise(Throwable) 0", "exception", (e, none) -> echo(e).raise(null));

    refusesNull("Coroutine$Builder.engine(Engine) 0", "engine", (e, none) -> on(e).engine(null));
    refusesNull("Coroutine$Builder.name(String) 0", "name", (e, none) -> on(e).name(null));
    takes(
        "Coroutine$Builder.name(String) 0",
        (e, name) -> start(on(e).name((String) name)),
        "",
        "\0\n\ud800",
        "n".repeat(100_000));
    refuses(
        "Coroutine$Builder.stackSize(long) 0",
        (e, size) -> on(e).stackSize((long) size),
        0L,
        -1L,
        Long.MIN_VALUE,
        (1L << 30) + 1,
        Long.MAX_VALUE);
    takes(
        "Coroutine$Builder.stackSize(long) 0",
        (e, size) -> start(on(e).stackSize((long) size)),
        1L,
        1L << 30);
    takes(
        "Coroutine$Builder.freshStack(boolean) 0",
        (e, fresh) -> start(on(e).freshStack((boolean) fresh)),
        true,
        false);
    refusesNull(
        "Coroutine$Builder.context(Context) 0", "context", (e, none) -> on(e).context(null));
    refusesNull(
        "Coroutine$Builder.scopedValues(ScopedValue[]) 0",
        "values",
        (e, none) -> on(e).scopedValues((ScopedValue<?>[]) null));
    refusesNull(
        "Coroutine$Builder.contextElement(ContextElement) 0",
        "element",
        (e, none) -> on(e).contextElement(null));
    refusesNull("Coroutine$Builder.build(Body) 0", "body", (e, none) -> on(e).build(null));

    takes("Yielder.yield(Object) 0", (e, v) -> inABody(e, self -> self.yield(v)), null, "");
    refusesNull(
        "Yielder.transferTo(Coroutine,Object) 0",
        "target",
        (e, none) -> inABody(e, self -> self.transferTo(null, "")));
    takes(
        "Yielder.transferTo(Coroutine,Object) 1",
        (e, value) -> inABody(e, self -> self.transferTo(echo(e), value)),
        null,
        "");

    refusesNull("Generator.of(Body) 0", "body", (e, none) -> Generator.of(null));
    refusesNull("Generator.with(Builder) 0", "settings", (e, none) -> empty(e).with(null));
    refusesNull(
        "Generator.zip(Iterable,Iterable,BiFunction) 0",
        "first",
        (e, none) -> Generator.zip(null, empty(e), (a, b) -> ""));
    refusesNull(
        "Generator.zip(Iterable,Iterable,BiFunction) 1",
        "second",
        (e, none) -> Generator.zip(empty(e), null, (a, b) -> ""));
    refusesNull(
        "Generator.zip(Iterable,Iterable,BiFunction) 2",
        "combiner",
        (e, none) -> Generator.zip(empty(e), empty(e), null));
    refusesNull(
        "Generator.merge(Comparator,List) 0",
        "order",
        (e, none) -> Generator.merge(null, List.<Generator<Object>>of()));
    refusesNull(
        "Generator.merge(Comparator,List) 1",
        "sorted",
        (e, none) -> Generator.merge(Comparator.<String>naturalOrder(), null));
    refuses(
        "Generator.characteristics(int) 0",
        (e, wrong) -> empty(e).characteristics((int) wrong),
        Spliterator.SIZED,
        Integer.MIN_VALUE);
    refusesNull(
        "Generator.publisher(Executor) 0", "executor", (e, none) -> empty(e).publisher(null));
    refuses(
        "Generator.buffered(int) 0",
        (e, size) -> empty(e).buffered((int) size),
        0,
        -1,
        Integer.MIN_VALUE);

    refusesNull("Recipe.with(Builder) 0", "settings", (e, none) -> sink(e).with(null));
    refusesNull("Recipe.on(Engine) 0", "engine", (e, none) -> sink(e).on(null));
    refuses(
        "Recipe.stackSize(long) 0",
        (e, size) -> sink(e).stackSize((long) size),
        0L,
        -1L,
        Long.MIN_VALUE,
        (1L << 30) + 1,
        Long.MAX_VALUE);
    refusesNull("Recipe.named(String) 0", "name", (e, none) -> sink(e).named(null));

    refusesNull("Sink.of(Body) 0", "body", (e, none) -> Sink.of(null));
    refusesNull("Sink.with(Builder) 0", "settings", (e, none) -> sink(e).with(null));
    refuses(
        "Sink.buffered(int) 0",
        (e, size) -> sink(e).buffered((int) size),
        0,
        -1,
        Integer.MIN_VALUE);
    refusesNull("Transducer.of(Body) 0", "body", (e, none) -> Transducer.of(null));
    refusesNull("Transducer.with(Builder) 0", "settings", (e, n) -> transducer().with(null));
    refuses(
        "Transducer.buffered(int) 0",
        (e, size) -> transducer().buffered((int) size),
        0,
        -1,
        Integer.MIN_VALUE);
    takes("SinkRun.accept(Object) 0", (e, v) -> sink(e).open().accept(v), null, "");
    refusesNull("SinkRun.fail(Throwable) 0", "failure", (e, none) -> sink(e).open().fail(null));
    refusesNull(
        "SinkSubscriber.onSubscribe(Subscription) 0",
        "subscription",
        (e, none) -> sink(e).subscriber().onSubscribe(null));
    refusesNull(
        "SinkSubscriber.onNext(Object) 0",
        "element",
        (e, none) -> sink(e).subscriber().onNext(null));
    refusesNull(
        "SinkSubscriber.onError(Throwable) 0",
        "failure",
        (e, none) -> sink(e).subscriber().onError(null));
    refusesNull("PeekableIterator.of(Iterator) 0", "iterator", (e, n) -> PeekableIterator.of(null));
    refusesNull("Generator.forEach(Consumer) 0", "action", (e, none) -> empty(e).forEach(null));
    refusesNull(
        "GeneratorIterator.forEachRemaining(Consumer) 0",
        "action",
        (e, none) -> empty(e).iterator().forEachRemaining(null));

    takes("GeneratorScope.yield(Object) 0", (e, v) -> inAScope(e, s -> s.yield(v)), null, "");
    refusesNull(
        "GeneratorScope.yieldAll(Iterable) 0",
        "values",
        (e, none) -> inAScope(e, scope -> scope.yieldAll(null)));
  }

  private void refusesNull(String parameter, String name, Call call) {
    cases.add(new Case(parameter, null, name, call));
  }

  private void refuses(String parameter, Call call, Object... arguments) {
    for (Object argument : arguments) {
      cases.add(new Case(parameter, argument, argument.toString(), call));
    }
  }

  private void takes(String parameter, Call call, @Nullable Object... arguments) {
    for (Object argument : arguments) {
      cases.add(new Case(parameter, argument, null, call));
    }
  }

  // ---- what the calls need ------------------------------------------------------------------

  private static Coroutine.Builder on(Engine engine) {
    return Coroutine.builder().engine(engine);
  }

  private static void start(Coroutine.Builder builder) {
    try (Coroutine<Object, Object> c = builder.build((self, first) -> self.yield(first))) {
      assertEquals("started", c.resume("started"));
    }
  }

  private static Coroutine<@Nullable Object, @Nullable Object> echo(Engine engine) {
    return on(engine).build((self, first) -> first);
  }

  private static Generator<Object> empty(Engine engine) {
    return Generator.of(scope -> {}).on(engine);
  }

  private static Transducer<Object, Object> transducer() {
    return Transducer.of((source, scope) -> {});
  }

  private static Sink<@Nullable Object, String> sink(Engine engine) {
    return Sink.<@Nullable Object, String>of(source -> "").on(engine);
  }

  private static void inABody(
      Engine engine, Consumer<Yielder<@Nullable Object, @Nullable Object>> action) {
    try (Coroutine<@Nullable Object, @Nullable Object> c =
        on(engine)
            .build(
                (self, first) -> {
                  action.accept(self);
                  return "";
                })) {
      c.resume("");
    }
  }

  private static void inAScope(Engine engine, Consumer<GeneratorScope<@Nullable Object>> action) {
    Generator<@Nullable Object> generator = Generator.of(action::accept);
    generator.on(engine).forEach(element -> {});
  }

  // ---- the tests ----------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(Engine.class)
  void whatIsOutOfRangeIsRefusedByName(Engine engine) {
    for (Case tried : cases) {
      String what = tried.parameter + " = " + tried.argument;
      Runnable call = () -> tried.call.with(engine, tried.argument);
      if (tried.refusal == null) {
        assertDoesNotThrow(call::run, what);
      } else if (tried.argument == null) {
        NullPointerException e = assertThrows(NullPointerException.class, call::run, what);
        assertEquals(tried.refusal, e.getMessage(), what);
      } else {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run, what);
        assertTrue(e.getMessage().contains(tried.refusal), () -> what + ": " + e.getMessage());
      }
    }
  }

  /** Who adds a public method finds here that it has no case yet. */
  @Test
  void everyParameterOfEveryPublicMethodIsTried() throws Exception {
    Set<String> parameters =
        publicTypes().stream()
            .flatMap(ArgumentsTest::publicMethods)
            .flatMap(ArgumentsTest::parametersOf)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> tried =
        cases.stream().map(Case::parameter).collect(Collectors.toCollection(TreeSet::new));
    assertEquals(String.join("\n", parameters), String.join("\n", tried));
  }

  /** The package's, but for what users implement and the library calls. */
  private static List<Class<?>> publicTypes() throws Exception {
    URI classes = Coroutine.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    List<Class<?>> types = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(classes).resolve("dev/stackful"))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".class") && !name.equals("package-info.class")) {
          Class<?> type = Class.forName("dev.stackful." + name.replace(".class", ""));
          if (isPublic(type)
              && !type.isAnnotationPresent(FunctionalInterface.class)
              && type != ContextElement.class) {
            types.add(type);
          }
        }
      }
    }
    return types;
  }

  private static boolean isPublic(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
  }

  /** And constructors, but for what the compiler adds to an enum. */
  private static Stream<Executable> publicMethods(Class<?> type) {
    return Stream.<Executable>concat(
            Arrays.stream(type.getDeclaredMethods()), Arrays.stream(type.getDeclaredConstructors()))
        .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
        .filter(method -> !(type.isEnum() && method.getName().equals("valueOf")));
  }

  private static Stream<String> parametersOf(Executable method) {
    String type = method.getDeclaringClass().getName().substring("dev.stackful.".length());
    String name = method.getName().replaceAll("^dev\\.stackful\\..*", "<init>");
    String parameters =
        Arrays.stream(method.getParameterTypes())
            .map(Class::getSimpleName)
            .collect(Collectors.joining(","));
    return IntStream.range(0, method.getParameterCount())
        .mapToObj(i -> type + "." + name + "(" + parameters + ") " + i);
  }
}
