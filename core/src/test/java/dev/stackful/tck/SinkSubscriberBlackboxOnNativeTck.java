package dev.stackful.tck;

import dev.stackful.Engine;

/** On {@link Engine#NATIVE}. */
public final class SinkSubscriberBlackboxOnNativeTck extends SinkSubscriberBlackbox {
  public SinkSubscriberBlackboxOnNativeTck() {
    super(Engine.NATIVE, 1);
  }
}
