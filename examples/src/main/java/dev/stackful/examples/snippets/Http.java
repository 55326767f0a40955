package dev.stackful.examples.snippets;

import dev.stackful.SinkSubscriber;
import dev.stackful.io.ByteSink;
import dev.stackful.io.ByteSource;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.zip.GZIPOutputStream;

/**
 * A request's body that is written while it is sent, and a response's that is parsed while it
 * arrives, without a thread that waits for either: both run on the client's own, when there is
 * room, or something has come.
 */
public final class Http {
  private Http() {}

  // @start region="request"
  static HttpRequest upload(URI uri, int lines) {
    ByteSource zipped =
        ByteSource.of(
            out -> {
              try (PrintStream print =
                  new PrintStream(new GZIPOutputStream(out), false, StandardCharsets.UTF_8)) {
                for (int i = 1; i <= lines; i++) {
                  print.println("line " + i);
                }
              }
            });
    return HttpRequest.newBuilder(uri)
        .POST(BodyPublishers.fromPublisher(zipped.publisher()))
        .build();
  }

  // @end

  // @start region="response"
  static <R> BodyHandler<CompletionStage<R>> parsedBy(ByteSink<R> parser) {
    return response -> {
      SinkSubscriber<List<ByteBuffer>, R> subscriber = parser.subscriber();
      return BodySubscribers.fromSubscriber(subscriber, SinkSubscriber::result);
    };
  }

  // @end

  /** The sum of a document's elements, however slowly it comes. */
  static CompletableFuture<Integer> countElements(HttpClient client, URI uri) {
    return client
        .sendAsync(HttpRequest.newBuilder(uri).build(), parsedBy(Chunks.ELEMENTS))
        .thenCompose(response -> response.body());
  }

  /**
   * Posts lines to a server, and counts the elements of a zipped document that it has.
   *
   * @param arguments the number of lines, where to post them, and where the document is
   * @throws IOException if the server can't be reached
   * @throws InterruptedException if interrupted meanwhile
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest upload = upload(URI.create(arguments[1]), Integer.parseInt(arguments[0]));
      System.out.println(
          client.send(upload, r -> BodySubscribers.ofString(StandardCharsets.UTF_8)).body());
      System.out.println(countElements(client, URI.create(arguments[2])).join());
    }
  }
}
