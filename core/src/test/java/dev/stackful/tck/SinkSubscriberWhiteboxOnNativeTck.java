package dev.stackful.tck;

import dev.stackful.Engine;

/** On {@link Engine#NATIVE}. */
public final class SinkSubscriberWhiteboxOnNativeTck extends SinkSubscriberWhitebox {
  public SinkSubscriberWhiteboxOnNativeTck() {
    super(Engine.NATIVE);
  }
}
