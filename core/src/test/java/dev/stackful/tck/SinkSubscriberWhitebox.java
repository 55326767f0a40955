package dev.stackful.tck;

import dev.stackful.Engine;
import dev.stackful.Sink;
import dev.stackful.SinkSubscriber;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.SubscriberPuppet;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.WhiteboxSubscriberProbe;
import org.reactivestreams.tck.flow.FlowSubscriberWhiteboxVerification;

/** The rules of Reactive Streams for subscribers, tried on sinks by the TCK, from inside. */
abstract class SinkSubscriberWhitebox extends FlowSubscriberWhiteboxVerification<Integer> {
  private final Engine engine;

  SinkSubscriberWhitebox(Engine engine) {
    super(GeneratorPublisherVerification.Environment.forTests());
    this.engine = engine;
  }

  @Override
  protected Flow.Subscriber<Integer> createFlowSubscriber(WhiteboxSubscriberProbe<Integer> probe) {
    SinkSubscriber<Integer, Integer> sink =
        Sink.<Integer, Integer>of(
                source -> {
                  int last = 0;
                  while (source.hasNext()) {
                    last = source.next();
                    probe.registerOnNext(last); // the body has it
                  }
                  return last;
                })
            .on(engine)
            .subscriber();
    return new Probed(sink, probe);
  }

  /** Tells the probe what the sink's subscriber has got. */
  private record Probed(
      SinkSubscriber<Integer, Integer> sink, WhiteboxSubscriberProbe<Integer> probe)
      implements Flow.Subscriber<Integer> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      sink.onSubscribe(subscription);
      probe.registerOnSubscribe(
          new SubscriberPuppet() {
            @Override
            public void triggerRequest(long elements) {
              subscription.request(elements);
            }

            @Override
            public void signalCancel() {
              subscription.cancel();
            }
          });
    }

    @Override
    public void onNext(Integer element) {
      sink.onNext(element);
    }

    @Override
    public void onError(Throwable failure) {
      sink.onError(failure);
      probe.registerOnError(failure);
    }

    @Override
    public void onComplete() {
      sink.onComplete();
      probe.registerOnComplete();
    }
  }

  @Override
  public Integer createElement(int element) {
    return element;
  }
}
