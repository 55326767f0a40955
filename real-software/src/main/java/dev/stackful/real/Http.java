package dev.stackful.real;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's HTTP server and its client. The client's calls yield at each chunk; where an engine is
 * given, each exchange of the server runs in a body of its own, which yields at each chunk, too.
 */
final class Http implements Program {
  private static final int REQUESTS = 12;
  private static final int CHUNKS = 40;

  private final @Nullable Turns server;
  private final AtomicLong echoed = new AtomicLong();

  Http(@Nullable Turns server) {
    this.server = server;
  }

  @Override
  public String run() throws Exception {
    Digest digest = new Digest();
    long length = 0;
    try (ExecutorService threads = Executors.newCachedThreadPool();
        HttpClient client = HttpClient.newHttpClient()) {
      HttpServer http =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      http.createContext("/", this::exchange);
      http.setExecutor(threads);
      http.start();
      try {
        URI uri = URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/");
        for (int i = 0; i < REQUESTS; i++) {
          String body = ("request " + i + "\n").repeat(1000 * i);
          HttpResponse<InputStream> response =
              client.send(
                  HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body)).build(),
                  BodyHandlers.ofInputStream());
          digest.add("status " + response.statusCode());
          try (InputStream in = response.body()) {
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
              Pause.here();
              digest.add(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
              length += n;
            }
          }
        }
      } finally {
        http.stop(0);
      }
    }
    return REQUESTS
        + " requests, "
        + echoed.get()
        + " bytes there, "
        + length
        + " back, "
        + digest.text();
  }

  private void exchange(HttpExchange exchange) throws IOException {
    if (server == null) {
      answer(exchange);
      return;
    }
    try {
      server.run(
          () -> {
            answer(exchange);
            return "answered";
          });
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Digest digest = new Digest();
      byte[] buffer = new byte[8192];
      try (InputStream in = exchange.getRequestBody()) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          Pause.here();
          digest.add(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
          echoed.addAndGet(n);
        }
      }
      exchange.sendResponseHeaders(200, 0);
      String heard = digest.text();
      try (OutputStream out = exchange.getResponseBody()) {
        for (int i = 0; i < CHUNKS; i++) {
          out.write((heard + " " + i + "\n").repeat(50).getBytes(StandardCharsets.ISO_8859_1));
          Pause.here();
        }
      }
    }
  }
}
