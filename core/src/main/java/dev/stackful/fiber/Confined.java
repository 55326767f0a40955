package dev.stackful.fiber;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to the runtime of the fiber that uses it first, and is for that runtime's fibers
 * alone: then it needs no lock.
 */
abstract class Confined {
  private static final VarHandle OWNER;

  static {
    try {
      OWNER = MethodHandles.lookup().findVarHandle(Confined.class, "runtime", FiberRuntime.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String kind;
  private @Nullable String name;
  private @Nullable FiberRuntime runtime;

  /**
   * Makes one that belongs to nobody yet.
   *
   * @param kind what it is, in a word
   * @param name what it is called; null for its kind and a number
   */
  Confined(String kind, @Nullable String name) {
    this.kind = kind;
    this.name = name;
  }

  /** The calling fiber, which may use this. */
  final Fiber<?> user(String operation) {
    FiberRuntime owner = runtime;
    Fiber<?> known = owner == null ? null : owner.currentIfKnown();
    if (known != null) {
      return known;
    }
    Fiber<?> me = Fiber.requireCurrent(operation);
    if (me.runtime() != owner) {
      own(me, operation);
    }
    return me;
  }

  private void own(Fiber<?> me, String operation) {
    if (tryOwn(me.runtime())) {
      return;
    }
    throw new IllegalStateException(
        operation
            + ": "
            + this
            + " belongs to "
            + OWNER.getVolatile(this)
            + ", and "
            + me.describe()
            + " to "
            + me.runtime());
  }

  private boolean tryOwn(FiberRuntime candidate) {
    if (OWNER.compareAndSet(this, null, candidate)) {
      if (name == null) {
        name = kind + "-" + candidate.nextNumber(kind);
      }
      return true;
    }
    return OWNER.getVolatile(this) == candidate;
  }

  /** Makes it the runtime's, as the first fiber that uses it does. Any thread may call this. */
  final void own(FiberRuntime candidate) {
    if (!tryOwn(candidate)) {
      throw new IllegalStateException(
          this + " belongs to " + OWNER.getVolatile(this) + ", and not to " + candidate);
    }
  }

  /** The name, or a number once it has been used. */
  @Override
  public String toString() {
    String known = name;
    return known == null ? "a " + kind + " not used yet" : known;
  }
}
