package dev.stackful.tck;

import dev.stackful.Engine;
import dev.stackful.Generator;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** The rules of Reactive Streams for publishers, tried on generators by the TCK. */
abstract class GeneratorPublisherVerification extends FlowPublisherVerification<Long> {
  private final Engine engine;
  private final @Nullable Executor executor;

  GeneratorPublisherVerification(Engine engine, @Nullable Executor executor) {
    super(Environment.forTests());
    this.engine = engine;
    this.executor = executor;
  }

  @Override
  public Flow.Publisher<Long> createFlowPublisher(long elements) {
    Generator<Long> generator =
        Generator.<Long>of(
                scope -> {
                  for (long i = 0; i < elements; i++) {
                    scope.yield(i);
                  }
                })
            .on(engine);
    return executor == null ? generator.publisher() : generator.publisher(executor);
  }

  /** None: a generator fails only when it is asked for an element. */
  @Override
  public Flow.@Nullable Publisher<Long> createFailedFlowPublisher() {
    return null;
  }

  /** How long the TCK waits for what must come, and for what must not. */
  static final class Environment {
    private Environment() {}

    static TestEnvironment forTests() {
      long slowness = Integer.getInteger("stackful.test.slowness", 1);
      return new TestEnvironment(1_500 * slowness, 50 * slowness);
    }
  }
}
