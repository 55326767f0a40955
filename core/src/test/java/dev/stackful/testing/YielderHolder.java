package dev.stackful.testing;

import dev.stackful.Yielder;

/** Where a coroutine leaves its yielder for a static initializer that can be given nothing. */
public final class YielderHolder {
  /** Of the coroutine that the current thread is. */
  public static final ThreadLocal<Yielder<Object, String>> SELF = new ThreadLocal<>();

  private YielderHolder() {}
}
