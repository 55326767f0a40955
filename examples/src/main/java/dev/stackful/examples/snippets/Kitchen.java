package dev.stackful.examples.snippets;

import dev.stackful.Coroutine;

/** A coroutine that is sent orders, is thrown one that can't be served, and is closed. */
public final class Kitchen {
  private Kitchen() {}

  /**
   * Sends it an order, raises an exception, closes it.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    // @start region="kitchen"
    Coroutine<String, String> kitchen =
        Coroutine.of(
            (self, first) -> {
              try {
                String order = first;
                while (true) {
                  try {
                    order = self.yield("here is your " + order);
                  } catch (IllegalArgumentException e) { // raised by the resumer
                    order = "tea, for there is no " + e.getMessage();
                  }
                }
              } finally {
                System.out.println("the kitchen is closed");
              }
            });

    System.out.println(kitchen.resume("soup")); // here is your soup
    System.out.println(kitchen.raise(new IllegalArgumentException("coffee")));
    // here is your tea, for there is no coffee
    kitchen.close(); // the kitchen is closed
    // @end
  }
}
