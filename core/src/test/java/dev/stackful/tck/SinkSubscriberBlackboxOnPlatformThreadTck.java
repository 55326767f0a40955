package dev.stackful.tck;

import dev.stackful.Engine;

/** On {@link Engine#PLATFORM_THREAD}. */
public final class SinkSubscriberBlackboxOnPlatformThreadTck extends SinkSubscriberBlackbox {
  public SinkSubscriberBlackboxOnPlatformThreadTck() {
    super(Engine.PLATFORM_THREAD, 1);
  }
}
