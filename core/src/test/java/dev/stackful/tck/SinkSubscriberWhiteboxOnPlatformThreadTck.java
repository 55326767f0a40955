package dev.stackful.tck;

import dev.stackful.Engine;

/** On {@link Engine#PLATFORM_THREAD}. */
public final class SinkSubscriberWhiteboxOnPlatformThreadTck extends SinkSubscriberWhitebox {
  public SinkSubscriberWhiteboxOnPlatformThreadTck() {
    super(Engine.PLATFORM_THREAD);
  }
}
