package dev.stackful.examples.snippets;

import dev.stackful.ContextElement;
import dev.stackful.Coroutine;

/** A context that its library keeps for each thread, and that goes along with every turn. */
public final class Elements {
  private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

  private Elements() {}

  /**
   * Resumes a coroutine for one tenant, and then for another.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    // @start region="element"
    ContextElement<String, String> tenant =
        new ContextElement<>() {
          @Override
          public String capture() {
            return TENANT.get();
          }

          @Override
          public String set(String captured) {
            String previous = TENANT.get();
            TENANT.set(captured);
            return previous;
          }

          @Override
          public void restore(String previous) {
            TENANT.set(previous);
          }
        };

    Coroutine<String, String> log =
        Coroutine.builder()
            .contextElement(tenant)
            .build(
                (self, line) -> {
                  while (true) {
                    line = self.yield(TENANT.get() + ": " + line);
                  }
                });
    // @end
    try (log) {
      TENANT.set("acme");
      System.out.println(log.resume("an order"));
      TENANT.set("globex");
      System.out.println(log.resume("a return"));
    }
  }
}
