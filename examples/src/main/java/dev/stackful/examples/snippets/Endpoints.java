package dev.stackful.examples.snippets;

import dev.stackful.fiber.Channel;
import dev.stackful.fiber.ChannelEndpoint;
import dev.stackful.fiber.FiberRuntime;

/** A thread feeds a runtime. */
public final class Endpoints {
  private Endpoints() {}

  /** Runs it. */
  public static void main(String[] arguments) throws InterruptedException {
    try (FiberRuntime runtime = FiberRuntime.create()) {
      // @start region=endpoint
      Channel<String> requests = Channel.bounded(2);
      ChannelEndpoint<String> fromOutside = runtime.endpoint(requests);

      Thread server =
          Thread.startVirtualThread(
              () -> {
                try (fromOutside) { // while it is open, run waits
                  fromOutside.send("GET /");
                  fromOutside.send("GET /news"); // would wait while the channel is full
                  fromOutside.closeChannel();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });

      runtime.launch(
          () -> {
            for (String request : requests) {
              System.out.println(request);
            }
          });
      runtime.run();
      // @end
      server.join();
    }
  }
}
