package hello;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import dev.stackful.Generator;
import dev.stackful.fiber.Channel;
import dev.stackful.fiber.FiberClock;
import dev.stackful.fiber.FiberRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A program of somebody's who has only the library. */
public final class Hello {
  private Hello() {}

  /** What a generator yields, what a coroutine answers and what fibers send, in that order. */
  static List<String> words() throws InterruptedException {
    List<String> words = new ArrayList<>();
    Generator<String> greetings = Generator.of(scope -> scope.yield("hello"));
    try (Stream<String> greeting = greetings.stream()) {
      greeting.forEach(words::add);
    }
    try (Coroutine<String, String> comma =
        Coroutine.of((self, first) -> self.yield(first + ","))) {
      words.add(comma.resume("dear"));
    }
    try (FiberRuntime runtime = FiberRuntime.builder().clock(FiberClock.virtual()).build()) {
      Channel<String> channel = Channel.bounded(1);
      runtime.launch(
          () -> {
            try (channel) {
              channel.send("world");
            }
          });
      runtime.launch(() -> channel.forEach(words::add));
      runtime.run();
    }
    return words;
  }

  /** Where the library was found, by its module's name, and which engine runs it. */
  static String library() {
    Module library = Engine.class.getModule();
    String place = library.isNamed() ? "module path, " + library.getName() : "class path";
    return place + ", " + Engine.preferred();
  }

  /** Prints them in a line, and where the library was found. */
  public static void main(String[] arguments) throws InterruptedException {
    System.out.println(String.join(" ", words()));
    System.out.println(library());
  }
}
