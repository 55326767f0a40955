package dev.stackful.tck;

import dev.stackful.Engine;
import java.util.concurrent.ForkJoinPool;

/** In tasks of an executor. */
public final class GeneratorPublisherOnAnExecutorTck extends GeneratorPublisherVerification {
  public GeneratorPublisherOnAnExecutorTck() {
    super(Engine.preferred(), ForkJoinPool.commonPool());
  }
}
