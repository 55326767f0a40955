package dev.stackful.internal.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes scoped values from one thread to another. */
public final class Bindings {
  private Bindings() {}

  /**
   * The scoped values that somebody lists.
   *
   * @throws NullPointerException if the array or one of them is null
   * @throws IllegalArgumentException if one of them is there twice
   */
  public static List<ScopedValue<?>> listed(ScopedValue<?>... values) {
    List<ScopedValue<?>> chosen = new ArrayList<>();
    for (ScopedValue<?> value : Objects.requireNonNull(values, "values")) {
      if (chosen.contains(Objects.requireNonNull(value, "a scoped value"))) {
        throw new IllegalArgumentException(
            "the scoped value at index " + chosen.size() + " is there twice");
      }
      chosen.add(value);
    }
    return List.copyOf(chosen);
  }

  /** Those of some scoped values that are bound on the calling thread; null if none is. */
  public static ScopedValue.@Nullable Carrier of(List<ScopedValue<?>> values) {
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
