package dev.stackful.fiber;

import dev.stackful.internal.fiber.WaiterQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A case of a {@link Select} that is done once it is given to the fiber, and has no end: a lock, a
 * permit, a value that comes once.
 *
 * @param user refuses a fiber that may not use it, told the operation
 * @param ready whether it is free
 * @param taker takes it, as it is free
 * @param where the queue to wait for it, told when it is waited for
 * @param offer what the fiber gives in the queue
 * @param action what to do when the fiber has it
 */
record SimpleCase<R extends @Nullable Object>(
    Consumer<String> user,
    BooleanSupplier ready,
    Runnable taker,
    Supplier<WaiterQueue> where,
    Supplier<@Nullable Object> offer,
    Supplier<? extends R> action)
    implements SelectCase<R> {

  @Override
  public void checkUser() {
    user.accept("Select.select");
  }

  @Override
  public boolean isReady() {
    return ready.getAsBoolean();
  }

  @Override
  public boolean isOver() {
    return false;
  }

  @Override
  public @Nullable Object take() {
    taker.run();
    return null;
  }

  @Override
  public WaiterQueue queue() {
    return where.get();
  }

  @Override
  public @Nullable Object given() {
    return offer.get();
  }

  @Override
  public boolean hasEnded(@Nullable Object result) {
    return false;
  }

  @Override
  public R finish(@Nullable Object result) {
    return action.get();
  }
}
