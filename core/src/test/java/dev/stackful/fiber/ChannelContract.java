package dev.stackful.fiber;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.Engine;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@link Channel} and {@link Select} promise, whatever the engine. */
abstract class ChannelContract extends FiberTesting {
  private static final Duration SECOND = Duration.ofSeconds(1);

  ChannelContract(Engine engine) {
    super(engine);
  }

  @Test
  void aRendezvousHoldsNothing() throws Exception {
    Channel<String> channel = Channel.rendezvous();
    runtime.launch(
        () -> {
          for (String s : List.of("a", "b")) {
            log("send " + s);
            channel.send(s);
            log("sent " + s);
          }
        });
    runtime.launch(
        () -> {
          log("receive");
          log(channel.receive());
          log("receive");
          log(channel.receive());
        });
    runtime.run();
    assertEquals(
        List.of("send a", "receive", "a", "receive", "sent a", "send b", "sent b", "b"), log);
  }

  @Test
  void aBoundedChannelHoldsAsManyAsItSays() throws Exception {
    Channel<Integer> channel = Channel.bounded(2);
    runtime.launch(
        () -> {
          for (int i = 0; i < 4; i++) {
            channel.send(i);
            log("sent " + i);
          }
          channel.close();
        });
    runtime.launch(
        () -> {
          for (int i : channel) {
            log("got " + i);
          }
          assertTrue(channel.isDrained());
        });
    runtime.run();
    assertEquals(
        List.of("sent 0", "sent 1", "got 0", "got 1", "got 2", "sent 2", "sent 3", "got 3"), log);
  }

  @Test
  void elementsArriveInOrderWhateverTheCapacity() throws Exception {
    for (int capacity = 0; capacity < 5; capacity++) {
      Channel<Integer> channel = capacity == 0 ? Channel.rendezvous() : Channel.bounded(capacity);
      runtime.launch(
          () -> {
            try (channel) {
              IntStream.range(0, 100).forEach(channel::send);
            }
          });
      int[] expected = {0};
      run(
          () -> {
            for (int i : channel) {
              assertEquals(expected[0]++, i);
            }
          });
      assertEquals(100, expected[0]);
    }
  }

  @Test
  void waitersAreServedInTheOrderInWhichTheyCame() throws Exception {
    Channel<Integer> channel = Channel.rendezvous();
    for (String name : List.of("a", "b", "c")) {
      runtime.launch(() -> log(name + channel.receive()));
    }
    runtime.launch(() -> IntStream.range(0, 3).forEach(channel::send));
    runtime.run();
    assertEquals(List.of("a0", "b1", "c2"), log);
  }

  @Test
  void nullIsAnElement() throws Exception {
    for (Channel<@Nullable String> channel :
        List.of(Channel.<@Nullable String>rendezvous(), Channel.<@Nullable String>bounded(3))) {
      runtime.launch(
          () -> {
            channel.send(null);
            channel.send("after");
            channel.send(null);
            channel.close();
          });
      run(
          () -> {
            assertNull(channel.receive());
            assertEquals("after", channel.receive());
            Iterator<@Nullable String> rest = channel.iterator();
            assertTrue(rest.hasNext());
            assertNull(rest.next());
            assertFalse(rest.hasNext());
            assertThrows(NoSuchElementException.class, rest::next);
          });
    }
  }

  @Test
  void afterCloseReceiversGetWhatIsLeftAndThenTheEnd() throws Exception {
    Channel<String> channel = Channel.bounded("pipe", 2);
    run(
        () -> {
          channel.send("left");
          channel.close();
          channel.close();
          assertTrue(channel.isClosed());
          assertFalse(channel.isDrained());
          String refusal =
              assertThrows(ChannelClosedException.class, () -> channel.send("")).getMessage();
          assertTrue(refusal.contains("pipe"), refusal);
          assertThrows(ChannelClosedException.class, () -> channel.trySend(""));
          assertEquals("left", channel.receive());
          assertTrue(channel.isDrained());
          assertThrows(ChannelClosedException.class, channel::receive);
          assertFalse(channel.tryReceive(s -> log("received")));
          assertFalse(channel.iterator().hasNext());
        });
  }

  @Test
  void closeEndsTheSendsAndReceivesThatWait() throws Exception {
    Channel<String> full = Channel.bounded(1);
    Channel<String> empty = Channel.rendezvous();
    runtime.launch(
        () -> {
          full.send("kept");
          assertThrows(ChannelClosedException.class, () -> full.send("refused"));
          log("sender");
        });
    runtime.launch(
        () -> {
          assertThrows(ChannelClosedException.class, empty::receive);
          log("receiver");
        });
    runtime.launch(
        () -> {
          full.close();
          empty.close();
        });
    run(() -> assertEquals("kept", full.receive()));
    assertEquals(List.of("sender", "receiver"), log);
  }

  @Test
  void tryingNeverWaits() throws Exception {
    Channel<String> channel = Channel.bounded(1);
    run(
        () -> {
          assertFalse(channel.tryReceive(s -> log(s)));
          assertTrue(channel.trySend("one"));
          assertFalse(channel.trySend("two"));
          assertTrue(channel.tryReceive(s -> log(s)));
        });
    assertEquals(List.of("one"), log);
  }

  @Test
  void tryingMeetsThoseWhoWait() throws Exception {
    Channel<String> channel = Channel.rendezvous();
    runtime.launch(() -> log("received " + channel.receive()));
    runtime.launch(() -> assertTrue(channel.trySend("by trySend")));
    runtime.launch(() -> channel.send("by send"));
    runtime.launch(() -> assertTrue(channel.tryReceive(s -> log("tried " + s))));
    runtime.run();
    assertEquals(List.of("tried by send", "received by trySend"), log);
  }

  @Test
  void aChannelMayPassThroughItself() throws Exception {
    Channel<Object> channel = Channel.bounded(1);
    run(
        () -> {
          channel.send(channel);
          assertEquals(channel, channel.iterator().next());
        });
  }

  @Test
  void aChannelBelongsToOneRuntime() throws Exception {
    Channel<String> channel = Channel.bounded("mine", 1);
    run(() -> channel.send("element"));
    try (FiberRuntime other = builder().name("other").build()) {
      other.launch(
          "foreigner",
          () -> {
            String message =
                assertThrows(IllegalStateException.class, channel::receive).getMessage();
            for (String part : List.of("mine", "foreigner", "[fibers]", "[other]")) {
              assertTrue(message.contains(part), message);
            }
            log("refused");
          });
      other.run();
    }
    assertEquals(List.of("refused"), log);
  }

  @Test
  void capacitiesAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> Channel.bounded(0));
    assertThrows(IllegalArgumentException.class, () -> Channel.bounded("", -1));
    assertThrows(NullPointerException.class, () -> Channel.rendezvous(null));
    assertEquals("named", Channel.rendezvous("named").toString());
  }

  // ---- select -------------------------------------------------------------------------------

  @Test
  void selectTakesWhatIsThere() throws Exception {
    Channel<String> empty = Channel.rendezvous();
    Channel<String> one = Channel.bounded(1);
    run(
        () -> {
          one.send("element");
          log(
              Select.<String>create()
                  .onReceive(empty, s -> "empty " + s)
                  .onReceive(one, s -> "one " + s)
                  .select());
        });
    assertEquals(List.of("one element"), log);
  }

  @Test
  void selectWaitsForTheFirst() throws Exception {
    Channel<String> letters = Channel.rendezvous();
    Channel<Integer> numbers = Channel.rendezvous();
    runtime.launch(
        () -> {
          Select<String> next =
              Select.<String>create()
                  .onReceive(letters, s -> "letter " + s)
                  .onReceive(numbers, n -> "number " + n);
          for (int i = 0; i < 3; i++) {
            log(next.select());
          }
        });
    runtime.launch(
        () -> {
          Fiber.sleep(SECOND);
          numbers.send(1);
          letters.send("a");
          numbers.send(2);
        });
    runtime.run();
    assertEquals(List.of("number 1", "letter a", "number 2"), log);
  }

  @Test
  void selectSends() throws Exception {
    Channel<String> out = Channel.rendezvous();
    Channel<String> never = Channel.rendezvous();
    runtime.launch(
        () ->
            log(
                Select.<String>create()
                    .onSend(out, "element", () -> "sent")
                    .onReceive(never, s -> s)
                    .select()));
    runtime.launch(() -> log(out.receive()));
    run(() -> assertFalse(never.trySend("")));
    assertEquals(List.of("element", "sent"), log);
  }

  @Test
  void twoSelectsMeet() throws Exception {
    Channel<String> channel = Channel.rendezvous();
    runtime.launch(() -> log(Select.<String>create().onSend(channel, "x", () -> "sent").select()));
    runtime.launch(() -> log(Select.<String>create().onReceive(channel, s -> "got " + s).select()));
    runtime.run();
    assertEquals(List.of("got x", "sent"), log);
  }

  @Test
  void oneSelectDoesNotMeetItself() throws Exception {
    Channel<String> channel = Channel.rendezvous();
    run(
        () ->
            log(
                Select.<String>create()
                    .onSend(channel, "x", () -> "sent")
                    .onReceive(channel, s -> "got " + s)
                    .onTimeout(SECOND, () -> "nobody came")
                    .select()));
    assertEquals(List.of("nobody came"), log);
  }

  @Test
  void selectTimesOutAndLeavesNothingBehind() throws Exception {
    Channel<String> channel = Channel.rendezvous();
    run(
        () -> {
          Select<String> select =
              Select.<String>create()
                  .onReceive(channel, s -> s)
                  .onTimeout(SECOND, () -> "timeout at " + runtime.now());
          log(select.select());
          assertFalse(channel.trySend("nobody waits"));
          runtime.launch(() -> channel.send("in time"));
          log(select.select());
          log("at " + runtime.now());
        });
    assertEquals(List.of("timeout at PT1S", "in time", "at PT1S"), log);
  }

  @Test
  void otherwiseNeverWaits() throws Exception {
    Channel<String> channel = Channel.bounded(1);
    run(
        () -> {
          Select<String> select =
              Select.<String>create().onReceive(channel, s -> s).otherwise(() -> "nothing there");
          log(select.select());
          channel.send("something");
          log(select.select());
        });
    assertEquals(List.of("nothing there", "something"), log);
  }

  @Test
  void closedChannelsDropOutUntilNoneIsLeft() throws Exception {
    Channel<Integer> one = Channel.bounded(2);
    Channel<Integer> two = Channel.rendezvous();
    runtime.launch(
        () -> {
          try (one) {
            one.send(1);
          }
        });
    runtime.launch(
        () -> {
          try (two) {
            Fiber.sleep(SECOND);
            two.send(2);
          }
        });
    run(
        () -> {
          Select<Integer> merged =
              Select.<Integer>create().onReceive(one, i -> i).onReceive(two, i -> i);
          assertEquals(1, merged.select());
          assertEquals(2, merged.select());
          assertThrows(ChannelClosedException.class, merged::select);
        });
  }

  @Test
  void aSendToAChannelThatClosesEndsTheSelect() throws Exception {
    Channel<String> out = Channel.rendezvous();
    Channel<String> in = Channel.rendezvous();
    Select<String> select = Select.<String>create().onSend(out, "", () -> "").onReceive(in, s -> s);
    runtime.launch(
        () -> {
          assertThrows(ChannelClosedException.class, select::select);
          assertThrows(ChannelClosedException.class, select::select);
          log("ended");
        });
    runtime.launch(out::close);
    runtime.run();
    assertEquals(List.of("ended"), log);
  }

  @Test
  void noneOfTheReadyCasesIsPassedOver() throws Exception {
    int rounds = 300;
    int[] counts = new int[3];
    List<Channel<Integer>> channels =
        List.of(Channel.bounded(1), Channel.bounded(1), Channel.bounded(1));
    run(
        () -> {
          Select<Integer> any = Select.create();
          channels.forEach(channel -> any.onReceive(channel, i -> i));
          for (int i = 0; i < rounds; i++) {
            for (int k = 0; k < channels.size(); k++) {
              channels.get(k).trySend(k);
            }
            counts[any.select()]++;
          }
        });
    assertEquals(rounds, Arrays.stream(counts).sum());
    assertTrue(Arrays.stream(counts).allMatch(n -> n > rounds / 5), Arrays.toString(counts));
  }

  @Test
  void aSelectWithoutACaseIsRefused() throws Exception {
    run(
        () -> {
          assertThrows(IllegalStateException.class, () -> Select.create().select());
          log(Select.<String>create().onTimeout(SECOND, () -> "slept").select());
        });
    assertEquals(List.of("slept"), log);
  }

  @Test
  void aSelectThatTheEndOfOneChannelHasWokenMayBeCancelledBeforeItsTurn() throws Exception {
    Channel<String> ends = Channel.rendezvous();
    Channel<String> stays = Channel.rendezvous();
    Fiber<?> selecting =
        runtime.spawn(
            () -> Select.create().onReceive(ends, x -> x).onReceive(stays, x -> x).select());
    run(
        () -> {
          await(selecting, Fiber.State.WAITING);
          ends.close();
          selecting.cancel();
        });
    assertEquals(Fiber.State.CANCELLED, selecting.state());
  }
}
