package dev.stackful.io;

import dev.stackful.testing.OwnJvm;
import dev.stackful.torture.StreamsInASmallHeap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Streams keep no more than a buffer. */
final class SmallHeapTest {
  @Test
  @Tag("native-speed")
  void whatPassesThroughIsManyTimesTheHeap() {
    new OwnJvm()
        .with("-Xmx16m")
        .run(StreamsInASmallHeap.class, "64")
        .mustSucceed()
        .mustPrint("64 MiB, the same");
  }
}
