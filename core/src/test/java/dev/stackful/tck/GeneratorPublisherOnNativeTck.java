package dev.stackful.tck;

import dev.stackful.Engine;

/** On {@link Engine#NATIVE}, where the subscriber requests. */
public final class GeneratorPublisherOnNativeTck extends GeneratorPublisherVerification {
  public GeneratorPublisherOnNativeTck() {
    super(Engine.NATIVE, null);
  }
}
