package dev.stackful.examples.snippets;

import dev.stackful.fiber.Channel;
import dev.stackful.fiber.FiberRuntime;
import dev.stackful.fiber.Select;
import java.time.Duration;

/** Fibers that hand elements to each other. */
public final class Channels {
  private Channels() {}

  /**
   * Sends, receives and selects.
   *
   * @param arguments none
   * @throws InterruptedException if the thread is interrupted
   */
  public static void main(String[] arguments) throws InterruptedException {
    try (FiberRuntime runtime = FiberRuntime.create()) {
      // @start region="channels"
      Channel<String> words = Channel.bounded(2);

      runtime.launch(
          () -> {
            try (words) { // closed at the end, which ends the loop below
              for (String word : "to be or not to be".split(" ")) {
                words.send(word); // waits while two are there
              }
            }
          });

      runtime.launch(
          () -> {
            for (String word : words) {
              System.out.print(word + " "); // to be or not to be
            }
          });
      // @end
      runtime.run();
      System.out.println();

      Channel<Integer> numbers = Channel.rendezvous();
      Channel<String> commands = Channel.rendezvous();
      runtime.launch(() -> commands.send("stop"));
      runtime.launch(
          () -> {
            // @start region="select"
            String what =
                Select.<String>create()
                    .onReceive(numbers, number -> "the number " + number)
                    .onReceive(commands, command -> "the command " + command)
                    .onTimeout(Duration.ofSeconds(1), () -> "nothing for a second")
                    .select();
            System.out.println(what);
            // @end
          });
      runtime.run();
    }
  }
}
