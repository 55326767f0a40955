package dev.stackful.tck;

import dev.stackful.Engine;

/** On {@link Engine#PLATFORM_THREAD}, where the subscriber requests. */
public final class GeneratorPublisherOnPlatformThreadTck extends GeneratorPublisherVerification {
  public GeneratorPublisherOnPlatformThreadTck() {
    super(Engine.PLATFORM_THREAD, null);
  }
}
