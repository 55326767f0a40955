package dev.stackful.torture;

import dev.stackful.Coroutine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.FutureTask;

/**
 * Threads blocked in I/O inside a coroutine. The JDK wakes them by a signal to their pthread, whose
 * kernel thread is not the one that is blocked.
 */
public final class Sockets {
  private Sockets() {}

  /** What happens to a body that is blocked in a read. */
  @FunctionalInterface
  private interface Disturbance {
    void apply(Thread body) throws Exception;
  }

  /** The blocking read. */
  @FunctionalInterface
  private interface Read {
    int read() throws IOException;
  }

  /** Runs them all, resumed by a platform thread and by a virtual one. */
  public static void main(String[] arguments) throws Exception {
    for (Thread.Builder resumers : Arrays.asList(Thread.ofPlatform(), Thread.ofVirtual())) {
      for (int i = 0; i < 20 / Check.SLOWNESS + 1; i++) {
        channel(resumers);
        socket(resumers);
        accept(resumers);
      }
    }
    System.out.println("ok");
  }

  @SuppressWarnings("try") // closing it early is the point
  private static void channel(Thread.Builder resumers) throws Exception {
    try (ServerSocketChannel server =
        ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      try (SocketChannel near = SocketChannel.open(server.getLocalAddress());
          SocketChannel far = server.accept()) {
        Disturbance send = body -> far.write(ByteBuffer.wrap(new byte[3]));
        Check.equal("3", outcome(resumers, () -> read(near), send), "sent to");
        Check.equal(
            ClosedByInterruptException.class.getName(),
            outcome(resumers, () -> read(near), Thread::interrupt),
            "interrupted in SocketChannel.read");
        Check.that(!near.isOpen(), "an interrupt closes the channel");
      }
      try (SocketChannel near = SocketChannel.open(server.getLocalAddress())) {
        Check.equal(
            AsynchronousCloseException.class.getName(),
            outcome(resumers, () -> read(near), body -> near.close()),
            "closed in SocketChannel.read");
      }
    }
  }

  private static int read(SocketChannel channel) throws IOException {
    return channel.read(ByteBuffer.allocate(8));
  }

  @SuppressWarnings("try") // closing it early is the point
  private static void socket(Thread.Builder resumers) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      try (Socket near = new Socket(server.getInetAddress(), server.getLocalPort());
          Socket far = server.accept()) {
        Disturbance send = body -> far.getOutputStream().write(42);
        Check.equal("42", outcome(resumers, () -> near.getInputStream().read(), send), "sent to");
        Check.equal(
            SocketException.class.getName(),
            outcome(resumers, () -> near.getInputStream().read(), body -> near.close()),
            "closed in Socket.read");
      }
    }
  }

  @SuppressWarnings("try") // closing it early is the point
  private static void accept(Thread.Builder resumers) throws Exception {
    try (ServerSocketChannel server =
        ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      Check.equal(
          AsynchronousCloseException.class.getName(),
          outcome(resumers, () -> server.accept().hashCode(), body -> server.close()),
          "closed in ServerSocketChannel.accept");
    }
  }

  /** What became of the read: its result, or the name of the exception. */
  private static String outcome(Thread.Builder resumers, Read read, Disturbance disturbance)
      throws Exception {
    Thread[] body = {null};
    Coroutine<Object, String> c =
        Coroutine.of(
            (self, first) -> {
              body[0] = Thread.currentThread();
              self.yield("");
              String outcome;
              try {
                outcome = Integer.toString(read.read());
              } catch (IOException e) {
                outcome = e.getClass().getName();
              }
              Thread.interrupted();
              self.yield(outcome);
              return "end";
            });
    c.resume("");
    FutureTask<String> resumer =
        new FutureTask<>(
            () -> {
              String outcome = c.resume("");
              Check.that(!Thread.currentThread().isInterrupted(), "the resumer was interrupted");
              return outcome;
            });
    resumers.start(resumer);
    Check.await("the body is blocked in a native method", () -> isBlocked(body[0]));
    disturbance.apply(body[0]);
    String outcome = resumer.get();
    Check.equal("end", c.resume(""), "the coroutine afterwards");
    return outcome;
  }

  private static boolean isBlocked(Thread body) {
    StackTraceElement[] trace = body.getStackTrace();
    return trace.length > 0
        && trace[0].isNativeMethod()
        && trace[0].getClassName().startsWith("sun.nio.ch");
  }
}
