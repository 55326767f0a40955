package dev.stackful;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes scoped values from one thread to another. */
final class Bindings {
  private Bindings() {}

  /** Those of some scoped values that are bound on the calling thread; null if none is. */
  static ScopedValue.@Nullable Carrier of(List<ScopedValue<?>> values) {
    ScopedValue.Carrier carrier = null;
    for (ScopedValue<?> value : values) {
      if (value.isBound()) {
        carrier = bind(carrier, value);
      }
    }
    return carrier;
  }

  private static <T extends @Nullable Object> ScopedValue.Carrier bind(
      ScopedValue.@Nullable Carrier carrier, ScopedValue<T> value) {
    return carrier == null
        ? ScopedValue.where(value, value.get())
        : carrier.where(value, value.get());
  }
}
