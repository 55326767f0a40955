package dev.stackful;

import dev.stackful.io.ByteSink;
import dev.stackful.io.ByteSource;
import dev.stackful.io.CharSink;
import dev.stackful.io.CharSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A body, and what it is run with: what generators, sinks and the rest of their kind have in
 * common. A recipe is immutable and may be shared between threads. It runs nothing itself; each
 * iterator, stream or run that it gives is a run of its own, in a {@link Coroutine} with these
 * settings.
 *
 * @param <S> the type of the recipe itself
 * @since 0.1.0
 */
public abstract sealed class Recipe<S extends Recipe<S>>
    permits Generator, Sink, Transducer, ByteSource, ByteSink, CharSource, CharSink {
  private final Coroutine.Builder settings;

  /**
   * For the recipes of this library.
   *
   * @param settings are copied
   */
  protected Recipe(Coroutine.Builder settings) {
    this.settings = Objects.requireNonNull(settings, "settings").copy();
  }

  /**
   * The same recipe with other settings: all of them, those that were not chosen included.
   *
   * @param settings for the coroutines that run the body; what happens to the builder later does
   *     not count
   * @return a recipe with the same body
   * @throws NullPointerException if {@code settings} is null
   */
  public abstract S with(Coroutine.Builder settings);

  /**
   * The same recipe on another engine.
   *
   * @param engine one that {@link Engine#isAvailable()}; a run refuses others
   * @return a recipe with the same body
   * @throws NullPointerException if {@code engine} is null
   */
  public final S on(Engine engine) {
    return with(settings.copy().engine(engine));
  }

  /**
   * The same recipe with stacks of another size.
   *
   * @param bytes from 1 to 1 GiB, as for {@link Coroutine.Builder#stackSize(long)}
   * @return a recipe with the same body
   * @throws IllegalArgumentException if out of range
   */
  public final S stackSize(long bytes) {
    return with(settings.copy().stackSize(bytes));
  }

  /**
   * The same recipe with a name, which its coroutines and their threads bear, and which messages
   * give.
   *
   * @param name any text
   * @return a recipe with the same body
   * @throws NullPointerException if {@code name} is null
   */
  public final S named(String name) {
    return with(settings.copy().name(name));
  }

  /**
   * For the recipes of this library: a run of the body.
   *
   * @param <I> what is sent in
   * @param <O> what comes out
   * @param body what it runs
   * @return a coroutine that is new
   * @throws EngineUnavailableException if the engine isn't available; the message says why
   * @throws IllegalArgumentException if no engine was chosen, and the system property {@code
   *     stackful.engine} names none
   */
  protected final <I extends @Nullable Object, O extends @Nullable Object>
      Coroutine<I, O> coroutine(Coroutine.Body<I, O> body) {
    return settings.build(body, Coroutine.Context.RESUMER);
  }

  /** Its kind, and the name if it has one, for people. */
  @Override
  public String toString() {
    String name = settings.name();
    return getClass().getSimpleName() + (name == null ? "" : "[" + name + "]");
  }

  /**
   * For the recipes of this library.
   *
   * @return a copy of the settings
   */
  protected final Coroutine.Builder settings() {
    return settings.copy();
  }
}
