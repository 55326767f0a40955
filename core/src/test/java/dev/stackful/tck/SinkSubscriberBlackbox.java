package dev.stackful.tck;

import dev.stackful.Engine;
import dev.stackful.Sink;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/** The rules of Reactive Streams for subscribers, tried on sinks by the TCK, from outside. */
abstract class SinkSubscriberBlackbox extends FlowSubscriberBlackboxVerification<Integer> {
  private final Engine engine;
  private final int buffer;

  SinkSubscriberBlackbox(Engine engine, int buffer) {
    super(GeneratorPublisherVerification.Environment.forTests());
    this.engine = engine;
    this.buffer = buffer;
  }

  @Override
  public Flow.Subscriber<Integer> createFlowSubscriber() {
    return Sink.<Integer, Long>of(
            source -> {
              long sum = 0;
              while (source.hasNext()) {
                sum += source.next();
              }
              return sum;
            })
        .on(engine)
        .buffered(buffer)
        .subscriber();
  }

  @Override
  public Integer createElement(int element) {
    return element;
  }
}
