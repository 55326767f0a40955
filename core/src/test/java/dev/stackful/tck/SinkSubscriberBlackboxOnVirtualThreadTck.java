package dev.stackful.tck;

import dev.stackful.Engine;

/** On {@link Engine#VIRTUAL_THREAD}. */
public final class SinkSubscriberBlackboxOnVirtualThreadTck extends SinkSubscriberBlackbox {
  public SinkSubscriberBlackboxOnVirtualThreadTck() {
    super(Engine.VIRTUAL_THREAD, 1);
  }
}
