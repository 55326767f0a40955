package dev.stackful.fuzz;

import dev.stackful.fuzz.FiberAction.Shared;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A channel, a lock or the like, in the model. */
final class ModelShared {
  final Shared is;

  /** Elements that a channel holds. */
  final Deque<String> held = new ArrayDeque<>();

  /** Those who wait to receive, to lock, to acquire or for a value. */
  final ModelQueue takers;

  /** Those who wait to send. */
  final ModelQueue senders;

  /** Those who wait for a mutex's condition. */
  final ModelQueue condition;

  /** Whether a channel is closed, or a value has come. */
  boolean done;

  @Nullable ModelFiber owner;
  int permits;
  String value = "";
  @Nullable Thrown failure;

  ModelShared(FiberMachine machine, Shared is) {
    this.is = is;
    this.permits = is.size();
    this.takers = new ModelQueue(machine);
    this.senders = new ModelQueue(machine);
    this.condition = new ModelQueue(machine);
  }

  // ---- channels -----------------------------------------------------------------------------

  boolean canReceive() {
    return !held.isEmpty() || !senders.isEmpty();
  }

  boolean canSend() {
    return !takers.isEmpty() || held.size() < is.size();
  }

  /** The next element: there is one. */
  String receive() {
    ModelWait.Place sender = senders.first();
    String sent = "";
    if (sender != null) {
      sent = (String) sender.given;
      senders.resumeFirst(null);
    }
    if (held.isEmpty()) {
      return sent;
    }
    String element = held.remove();
    if (sender != null) {
      held.add(sent);
    }
    return element;
  }

  boolean trySend(String element) {
    if (takers.resumeFirst(element)) {
      return true;
    }
    if (held.size() < is.size()) {
      held.add(element);
      return true;
    }
    return false;
  }

  // ---- mutexes ------------------------------------------------------------------------------

  /** The owner gives it to who has waited longest, or to nobody. */
  void handOver() {
    ModelWait.Place next = takers.first();
    takers.resumeFirst(null);
    owner = next == null ? null : next.wait.fiber;
  }

  // ---- values -------------------------------------------------------------------------------

  /** The value comes, or an exception in its place; says whether that was the first. */
  boolean end(String given, @Nullable Thrown thrown) {
    if (done) {
      return false;
    }
    value = given;
    failure = thrown;
    done = true;
    if (is.kind() == Shared.Kind.FUTURE) {
      takers.resumeAllBackwards(null);
    } else {
      takers.resumeAll(null);
    }
    return true;
  }
}
