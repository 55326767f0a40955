package dev.stackful.examples.snippets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.stackful.examples.Printed;
import dev.stackful.io.ByteSource;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpTest {
  private static final int LINES = 200_000;

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final List<CompletableFuture<Void>> halves = new ArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(executor);
    server.createContext(
        "/lines",
        exchange -> {
          long lines;
          try (BufferedReader in =
              new BufferedReader(
                  new InputStreamReader(
                      new GZIPInputStream(exchange.getRequestBody()), StandardCharsets.UTF_8))) {
            lines = in.lines().filter(line -> line.startsWith("line ")).count();
          }
          byte[] answer = (lines + " lines").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(answer);
          }
        });
    // Sends half of the document, and the rest when the test says so.
    server.createContext(
        "/document",
        exchange -> {
          byte[] document = zippedDocument();
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(document, 0, document.length / 2);
            out.flush();
            halves.get(Integer.parseInt(exchange.getRequestURI().getQuery())).join();
            out.write(document, document.length / 2, document.length - document.length / 2);
          }
        });
    server.createContext(
        "/broken",
        exchange -> {
          byte[] document = zippedDocument();
          exchange.sendResponseHeaders(200, document.length);
          exchange.getResponseBody().write(document, 0, document.length / 2);
          exchange.close(); // before the promised length
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    executor.close();
  }

  private URI uri(String path) {
    InetSocketAddress address = server.getAddress();
    return URI.create("http://127.0.0.1:" + address.getPort() + path);
  }

  private static byte[] zippedDocument() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      out.write("<a>".getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < 50_000; i++) {
        out.write(("<b c='" + i * 31 % 1009 + "'/>").getBytes(StandardCharsets.UTF_8));
      }
      out.write("</a>".getBytes(StandardCharsets.UTF_8));
    }
    return zipped.toByteArray();
  }

  @Test
  void aBodyIsWrittenWhileItIsSentAndAnotherParsedWhileItArrives() throws Exception {
    halves.add(CompletableFuture.completedFuture(null));
    assertEquals(
        LINES + " lines\n50001\n",
        Printed.by(
            Http::main,
            Integer.toString(LINES),
            uri("/lines").toString(),
            uri("/document?0").toString()));
  }

  @Test
  void manyResponsesAreParsedAtOnceOnTheClientsThreads() throws Exception {
    int count = 100;
    for (int i = 0; i < count; i++) {
      halves.add(new CompletableFuture<>());
    }
    try (ExecutorService one = Executors.newSingleThreadExecutor();
        HttpClient client = HttpClient.newBuilder().executor(one).build()) {
      List<CompletableFuture<Integer>> counts = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        counts.add(Http.countElements(client, uri("/document?" + i)));
      }
      // All wait in the middle, on one thread, and end in an order of their own.
      for (int i = count - 1; i >= 0; i--) {
        assertTrue(!counts.get(i).isDone());
        halves.get(i).complete(null);
        assertEquals(50_001, counts.get(i).join());
      }
    }
  }

  @Test
  void aConnectionThatBreaksFailsTheParserAndTheResult() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      CompletionException e =
          assertThrows(
              CompletionException.class, () -> Http.countElements(client, uri("/broken")).join());
      Throwable cause = e.getCause();
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      assertInstanceOf(IOException.class, cause);
    }
  }

  @Test
  void whatTheWriterThrowsFailsTheRequest() throws Exception {
    AtomicInteger written = new AtomicInteger();
    ByteSource broken =
        ByteSource.of(
            out -> {
              while (written.incrementAndGet() < 100) {
                out.write(new byte[1000]);
              }
              throw new IOException("disk full");
            });
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(uri("/lines"))
              .POST(BodyPublishers.fromPublisher(broken.publisher()))
              .build();
      IOException e =
          assertThrows(IOException.class, () -> client.send(request, BodyHandlers.discarding()));
      assertTrue(e.toString().contains("disk full") || causes(e).contains("disk full"), causes(e));
    }
  }

  private static String causes(Throwable thrown) {
    StringBuilder causes = new StringBuilder();
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      causes.append(t).append('\n');
    }
    return causes.toString();
  }
}
