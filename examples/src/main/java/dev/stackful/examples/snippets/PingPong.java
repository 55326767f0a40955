package dev.stackful.examples.snippets;

import dev.stackful.Coroutine;

/** A coroutine that has another go on in its place. */
public final class PingPong {
  private PingPong() {}

  /**
   * Plays one round.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    // @start region="ping-pong"
    Coroutine<String, String> pong = Coroutine.of((self, ball) -> "pong has the " + ball);

    Coroutine<String, String> ping =
        Coroutine.of(
            (self, ball) -> {
              String back = self.transferTo(pong, ball); // pong goes on in ping's place
              return "ping has the " + back + " back";
            });

    System.out.println(ping.resume("ball")); // pong has the ball
    System.out.println(ping.resume("ball")); // ping has the ball back
    // @end
  }
}
