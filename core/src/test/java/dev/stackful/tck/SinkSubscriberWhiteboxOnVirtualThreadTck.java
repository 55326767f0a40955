package dev.stackful.tck;

import dev.stackful.Engine;

/** On {@link Engine#VIRTUAL_THREAD}. */
public final class SinkSubscriberWhiteboxOnVirtualThreadTck extends SinkSubscriberWhitebox {
  public SinkSubscriberWhiteboxOnVirtualThreadTck() {
    super(Engine.VIRTUAL_THREAD);
  }
}
