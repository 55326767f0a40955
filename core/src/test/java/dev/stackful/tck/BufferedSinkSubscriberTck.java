package dev.stackful.tck;

import dev.stackful.Engine;

/** With a buffer, so that elements are requested by the batch. */
public final class BufferedSinkSubscriberTck extends SinkSubscriberBlackbox {
  public BufferedSinkSubscriberTck() {
    super(Engine.preferred(), 4);
  }
}
