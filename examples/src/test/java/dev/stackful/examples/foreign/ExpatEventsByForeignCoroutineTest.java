package dev.stackful.examples.foreign;

import dev.stackful.examples.xml.XmlEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

class ExpatEventsByForeignCoroutineTest extends ExpatEventsTest {
  @Override
  Stream<ExpatEvent> events(XmlEvents.Source source) {
    try {
      ExpatEvents events = ExpatEvents.of(source);
      return StreamSupport.stream(
              Spliterators.spliteratorUnknownSize(events, Spliterator.ORDERED),
              /* parallel= */ false)
          .onClose(events::close);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
