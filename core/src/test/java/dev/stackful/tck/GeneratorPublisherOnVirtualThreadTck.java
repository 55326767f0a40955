package dev.stackful.tck;

import dev.stackful.Engine;

/** On {@link Engine#VIRTUAL_THREAD}, where the subscriber requests. */
public final class GeneratorPublisherOnVirtualThreadTck extends GeneratorPublisherVerification {
  public GeneratorPublisherOnVirtualThreadTck() {
    super(Engine.VIRTUAL_THREAD, null);
  }
}
