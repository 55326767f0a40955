package dev.stackful.torture;

import dev.stackful.Engine;
import dev.stackful.Generator;
import dev.stackful.Sink;
import dev.stackful.SinkRun;
import dev.stackful.SinkSubscriber;
import dev.stackful.Transducer;
import dev.stackful.io.ByteSink;
import dev.stackful.io.ByteSinkRun;
import dev.stackful.io.ByteSource;
import dev.stackful.io.CharSink;
import dev.stackful.io.CharSinkRun;
import dev.stackful.io.CharSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Begins one of each thing that has a body, takes nothing to its end, and drops all: every body has
 * to be unwound, which it is only where its own side doesn't hold the other. Then, that those which
 * are held stay.
 *
 * <p>Arguments: the engine.
 */
public final class AbandonedStreams {
  private static final int BUFFER = 4;

  private final Engine engine;
  private final AtomicInteger unwound = new AtomicInteger();

  private AbandonedStreams(Engine engine) {
    this.engine = engine;
  }

  public static void main(String[] arguments) throws Exception {
    AbandonedStreams program = new AbandonedStreams(Engine.valueOf(arguments[0]));
    int begun = program.beginAll().size();
    List<Object> held = program.beginAll();
    for (int i = 0; program.unwound.get() < begun && i < 600; i++) {
      System.gc();
      Thread.sleep(50);
    }
    System.out.println("begun " + begun + ", unwound " + program.unwound.get());
    System.out.println("held " + held.size());
    System.exit(program.unwound.get() == begun ? 0 : 1);
  }

  /** One of each, suspended in its body. */
  private List<Object> beginAll() throws IOException {
    List<Object> all = new ArrayList<>();

    InputStream stream =
        ByteSource.of(out -> untilUnwound(() -> out.write(1)))
            .on(engine)
            .buffered(BUFFER)
            .openStream();
    stream.read();
    all.add(stream);

    Reader reader =
        CharSource.of(out -> untilUnwound(() -> out.write(1)))
            .on(engine)
            .buffered(BUFFER)
            .openReader();
    reader.read();
    all.add(reader);

    ByteSinkRun<String> bytes =
        ByteSink.of(in -> untilUnwound(in::read)).on(engine).buffered(BUFFER).open();
    bytes.stream().write(new byte[2 * BUFFER]);
    all.add(bytes);

    CharSinkRun<String> chars =
        CharSink.of(in -> untilUnwound(in::read)).on(engine).buffered(BUFFER).open();
    chars.writer().write("x".repeat(2 * BUFFER));
    all.add(chars);

    SinkRun<Integer, String> sink =
        Sink.<Integer, String>of(source -> untilUnwound(source::next)).on(engine).open();
    sink.accept(1);
    all.add(sink);

    Flow.Subscription[] subscription = new Flow.Subscription[1];
    SinkSubscriber<Integer, String> subscriber =
        Sink.<Integer, String>of(source -> untilUnwound(source::next)).on(engine).subscriber();
    subscriber.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long count) {}

          @Override
          public void cancel() {}
        });
    subscriber.onNext(1);
    all.add(subscriber);

    Generator.<Integer>of(scope -> untilUnwound(() -> scope.yield(1)))
        .on(engine)
        .publisher()
        .subscribe(
            new Flow.Subscriber<>() {
              @Override
              public void onSubscribe(Flow.Subscription given) {
                subscription[0] = given;
                given.request(1);
              }

              @Override
              public void onNext(Integer element) {}

              @Override
              public void onError(Throwable thrown) {}

              @Override
              public void onComplete() {}
            });
    all.add(subscription[0]);

    Iterator<Integer> stage =
        Stream.iterate(1, i -> i + 1)
            .gather(
                Transducer.<Integer, Integer>of(
                        (source, scope) -> untilUnwound(() -> scope.yield(source.next())))
                    .on(engine))
            .iterator();
    stage.next();
    all.add(stage);
    return all;
  }

  /** What a body does again and again. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  private String untilUnwound(Step step) throws IOException {
    try {
      while (true) {
        step.run();
      }
    } finally {
      unwound.incrementAndGet();
    }
  }
}
