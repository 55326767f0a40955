package dev.stackful.examples.foreign;

import dev.stackful.examples.xml.XmlEvents;
import java.util.stream.Stream;

class ExpatEventsByUpcallsTest extends ExpatEventsTest {
  @Override
  Stream<ExpatEvent> events(XmlEvents.Source source) {
    return ExpatEvents.yieldedByUpcalls(source).stream();
  }
}
