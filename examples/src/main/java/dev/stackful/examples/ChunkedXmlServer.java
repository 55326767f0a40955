package dev.stackful.examples;

import dev.stackful.io.ByteSink;
import dev.stackful.io.ByteSinkRun;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/**
 * A server on one thread, for any number of slow clients, with a parser that blocks. Each client
 * sends a zipped XML document, in whatever pieces the network makes of it, and is answered with the
 * number of its elements. The JDK's {@link GZIPInputStream} and SAX parser know nothing of that:
 * they read from an {@code InputStream}, and each connection has theirs, suspended where it waits
 * for the next piece.
 *
 * <p>The selector's loop is all the server there is. With threads it would be one for each client,
 * or another parser.
 */
public final class ChunkedXmlServer implements Closeable {
  /** The parser, as one would write it for a file. */
  private static final ByteSink<Integer> ELEMENTS =
      ByteSink.<Integer>of(
              in -> {
                ElementCounter counter = new ElementCounter();
                SAXParserFactory.newInstance()
                    .newSAXParser()
                    .parse(new GZIPInputStream(in), counter);
                return counter.elements;
              })
          .named("xml-connection");

  private static final class ElementCounter extends DefaultHandler {
    int elements;

    @Override
    public void startElement(String uri, String localName, String name, Attributes attributes) {
      elements++;
    }
  }

  private final Selector selector = Selector.open();
  private final ServerSocketChannel server = ServerSocketChannel.open();
  private final ByteBuffer piece = ByteBuffer.allocate(4096);
  private volatile boolean closed;

  /**
   * Opens a server on a port of the loopback interface that is free.
   *
   * @throws IOException if there is none
   */
  public ChunkedXmlServer() throws IOException {
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
  }

  /**
   * {@return where it listens}
   *
   * @throws IOException if it is closed
   */
  public InetSocketAddress address() throws IOException {
    return (InetSocketAddress) server.getLocalAddress();
  }

  /**
   * Serves clients, on the calling thread, until the server is closed.
   *
   * @throws IOException if the selector fails
   */
  public void run() throws IOException {
    while (!closed) {
      selector.select(this::serve);
    }
    for (SelectionKey key : selector.keys()) {
      close(key);
    }
    selector.close();
  }

  private void serve(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        SocketChannel client = server.accept();
        if (client != null) {
          client.configureBlocking(false);
          client.register(selector, SelectionKey.OP_READ, ELEMENTS.open());
        }
      } else {
        receive((SocketChannel) key.channel(), (ByteSinkRun<?>) key.attachment());
      }
    } catch (IOException e) { // the connection broke, or what it sent is no zipped XML
      System.err.println(key.channel() + ": " + e);
      close(key);
    }
  }

  private void receive(SocketChannel client, ByteSinkRun<?> parser) throws IOException {
    piece.clear();
    int count = client.read(piece);
    if (count < 0) {
      answer(client, parser.finish() + " elements\n");
      client.close();
    } else {
      parser.channel().write(piece.flip());
      parser.stream().flush(); // the parser goes on, as far as the bytes have come
    }
  }

  /** A few bytes, for which a new connection always has room. */
  private static void answer(SocketChannel client, String text) throws IOException {
    client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void close(SelectionKey key) {
    try (Closeable _ = key.channel()) {
      if (key.attachment() instanceof ByteSinkRun<?> parser) {
        parser.close();
      }
    } catch (IOException e) {
      System.err.println(key.channel() + ": " + e);
    }
  }

  /** Has {@link #run} return. Any thread may call it. */
  @Override
  public void close() {
    closed = true;
    selector.wakeup();
  }

  /**
   * Serves until the process is ended.
   *
   * @param arguments none
   * @throws IOException if it can't listen
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length > 0) {
      System.err.println("usage: ChunkedXmlServer; it takes no arguments");
      System.exit(2);
    }
    try (ChunkedXmlServer server = new ChunkedXmlServer()) {
      System.out.println("gzip -c FILE.xml | nc -N 127.0.0.1 " + server.address().getPort());
      server.run();
    }
  }
}
