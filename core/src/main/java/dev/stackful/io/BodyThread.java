package dev.stackful.io;

import java.io.IOException;

/**
 * The thread of a body, which alone may use the stream that the body was given, and only until the
 * body ends. It is made on that thread.
 */
final class BodyThread {
  private final Thread thread = Thread.currentThread();
  private boolean ended;

  void check() throws IOException {
    if (ended || Thread.currentThread() != thread) {
      throw refusal();
    }
  }

  private IOException refusal() {
    if (ended) {
      return new IOException("Stream closed: the body that it was given to has ended");
    }
    throw new WrongThreadException(
        "the stream was given to a body, and is valid on the body's own thread only: used on "
            + Thread.currentThread().getName()
            + " instead of "
            + thread.getName());
  }

  void end() {
    ended = true;
  }

  boolean hasEnded() {
    return ended;
  }
}
