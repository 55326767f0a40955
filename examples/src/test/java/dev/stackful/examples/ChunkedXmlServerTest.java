package dev.stackful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ChunkedXmlServerTest {
  private static final int CLIENTS = 300;

  private ChunkedXmlServer server;
  private FutureTask<String> running;

  @BeforeEach
  void start() throws IOException {
    server = new ChunkedXmlServer();
    running =
        new FutureTask<>(
            () -> {
              server.run();
              return "ended";
            });
    new Thread(running, "server").start();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    assertEquals("ended", running.get());
  }

  private static byte[] zippedDocument(int elements) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      Random random = new Random(elements);
      out.write("<a>".getBytes(StandardCharsets.UTF_8));
      for (int i = 1; i < elements; i++) {
        out.write(("<b c='" + random.nextInt() + "'/>").getBytes(StandardCharsets.UTF_8));
      }
      out.write("</a>".getBytes(StandardCharsets.UTF_8));
    }
    return zipped.toByteArray();
  }

  private Socket connect() throws IOException {
    return new Socket(server.address().getAddress(), server.address().getPort());
  }

  private static String answer(Socket socket) throws IOException {
    socket.shutdownOutput();
    try (socket;
        InputStream in = socket.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void hundredsOfSlowClientsAreServedOnOneThread() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    List<byte[]> documents = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      sockets.add(connect());
      documents.add(zippedDocument(100 + i));
    }
    // A few bytes from each in turn: nobody's document is whole before all are nearly so.
    Random random = new Random(1);
    int[] sent = new int[CLIENTS];
    int threads = 0;
    for (int left = CLIENTS; left > 0; ) {
      for (int i = 0; i < CLIENTS; i++) {
        byte[] document = documents.get(i);
        int count = Math.min(1 + random.nextInt(200), document.length - sent[i]);
        if (count > 0) {
          sockets.get(i).getOutputStream().write(document, sent[i], count);
          sent[i] += count;
          left -= sent[i] == document.length ? 1 : 0;
        }
      }
      threads = Math.max(threads, javaThreadsNamed("server"));
    }
    assertEquals(1, threads);
    for (int i = CLIENTS - 1; i >= 0; i--) {
      assertEquals((100 + i) + " elements\n", answer(sockets.get(i)));
    }
  }

  private static int javaThreadsNamed(String name) {
    int count = 0;
    for (var thread : ManagementFactory.getThreadMXBean().dumpAllThreads(false, false)) {
      count += thread.getThreadName().equals(name) ? 1 : 0;
    }
    return count;
  }

  @Test
  void whoSendsNonsenseOrBreaksOffLosesHisConnectionAndNobodyElse() throws Exception {
    byte[] document = zippedDocument(1000);
    try (Socket good = connect();
        Socket nonsense = connect();
        Socket half = connect()) {
      good.getOutputStream().write(document, 0, 100);
      nonsense
          .getOutputStream()
          .write("this is not gzip".repeat(10).getBytes(StandardCharsets.UTF_8));
      try (Socket broken = connect()) {
        broken.getOutputStream().write(document, 0, 200);
        broken.setSoLinger(true, 0); // so that it ends in a reset
      }
      half.getOutputStream().write(document, 0, document.length / 2);
      assertEquals("", answer(half));
      assertTrue(lostOrEmpty(nonsense));
      good.getOutputStream().write(document, 100, document.length - 100);
      assertEquals("1000 elements\n", answer(good));
    }
  }

  /** The server closes with bytes unread, which may come as a reset. */
  private static boolean lostOrEmpty(Socket socket) {
    try {
      return answer(socket).isEmpty();
    } catch (IOException e) {
      return true;
    }
  }
}
