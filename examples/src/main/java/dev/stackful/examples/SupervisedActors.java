package dev.stackful.examples;

import dev.stackful.fiber.Channel;
import dev.stackful.fiber.Deferred;
import dev.stackful.fiber.Fiber;
import dev.stackful.fiber.FiberCancelled;
import dev.stackful.fiber.FiberClock;
import dev.stackful.fiber.FiberFailedException;
import dev.stackful.fiber.FiberRuntime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Actors under a supervisor. An actor is a fiber with a mailbox, which handles one message after
 * the other and needs no lock for its state. A supervisor runs it, and starts it anew, with a new
 * state, when it has failed; if it fails too often within a time, the supervisor gives up and fails
 * itself. The mailbox outlives the actor: no message is lost but the one that it failed in.
 *
 * <p>Run it: {@code ./stackful example SupervisedActors}. An account gets deposits, and a message
 * in between that it can't digest.
 */
public final class SupervisedActors {
  private SupervisedActors() {}

  /** What an actor does with its messages, until it returns or throws. */
  interface Behaviour<M> {
    void run(Channel<M> mailbox);
  }

  /** How often an actor may fail within which time. */
  record Restarts(int most, Duration within) {}

  /** Runs an actor, again and again if need be; called in a fiber, which is the supervisor. */
  static <M> void supervise(
      String name, Channel<M> mailbox, Behaviour<M> behaviour, Restarts allowed) {
    FiberRuntime runtime = Fiber.current().orElseThrow().runtime();
    int failures = 0;
    Duration since = runtime.now();
    while (true) {
      Fiber<?> actor = runtime.launch(name, () -> behaviour.run(mailbox));
      try {
        actor.join();
        return;
      } catch (FiberCancelled cancelled) {
        actor.cancel(); // it does not outlive its supervisor
        throw cancelled;
      } catch (FiberFailedException failure) {
        if (runtime.now().minus(since).compareTo(allowed.within()) > 0) {
          failures = 0;
          since = runtime.now();
        }
        if (++failures > allowed.most()) {
          throw failure;
        }
        System.out.println(failure.getMessage() + ": it is started again");
      }
    }
  }

  /** What an account is told. */
  sealed interface Message {}

  /** Money comes in. */
  record Deposit(String who, int amount) implements Message {}

  /** Somebody asks how much there is. */
  record Ask(String who, Deferred<Integer> answer) implements Message {}

  /** The account's behaviour: its state are the local variables. */
  private static void account(Channel<Message> mailbox) {
    Map<String, Integer> balances = new HashMap<>();
    for (Message message : mailbox) {
      switch (message) {
        case Deposit deposit -> {
          if (deposit.amount() <= 0) {
            throw new IllegalArgumentException("a deposit of " + deposit.amount());
          }
          balances.merge(deposit.who(), deposit.amount(), Integer::sum);
        }
        case Ask ask -> ask.answer().complete(balances.getOrDefault(ask.who(), 0));
      }
    }
  }

  private static int ask(Channel<Message> account, String who) {
    Deferred<Integer> answer = Deferred.create();
    account.send(new Ask(who, answer));
    return Fiber.timeout(Duration.ofSeconds(1), () -> answer.await());
  }

  /** Runs it. */
  public static void main(String[] arguments) throws InterruptedException {
    if (arguments.length > 0) {
      System.err.println("usage: SupervisedActors; it takes no arguments");
      System.exit(2);
    }
    try (FiberRuntime runtime = FiberRuntime.builder().clock(FiberClock.virtual()).build()) {
      Channel<Message> mailbox = Channel.bounded("the account's mailbox", 10);
      Restarts twiceInAMinute = new Restarts(2, Duration.ofMinutes(1));
      runtime.launch(
          "supervisor",
          () -> supervise("account", mailbox, SupervisedActors::account, twiceInAMinute));
      runtime.launch(
          "customer",
          () -> {
            try (mailbox) {
              mailbox.send(new Deposit("Ann", 100));
              System.out.println("Ann has " + ask(mailbox, "Ann"));
              mailbox.send(new Deposit("Bob", -1));
              mailbox.send(new Deposit("Ann", 7)); // waits in the mailbox for the next actor
              System.out.println("Ann has " + ask(mailbox, "Ann"));
            }
          });
      runtime.run();
    }
  }
}
