import org.jspecify.annotations.NullMarked;

/**
 * Stackful coroutines for Java: bodies that are ordinary Java and may yield from any depth.
 *
 * <p>{@link dev.stackful.Coroutine}, {@link dev.stackful.Generator} and {@link dev.stackful.io} are
 * the ways in; {@link dev.stackful.Engine} says how control gets from one stack to another.
 *
 * <h2>Nullness</h2>
 *
 * What may be null is annotated with <a href="https://jspecify.dev">JSpecify</a>'s {@code
 * Nullable}; everything else may not. A program that uses the library needs no JSpecify, neither to
 * be compiled nor to run: javac passes over annotations whose classes it doesn't find. Kotlin's
 * compiler and NullAway know them by their names, and find them in the library's own class files,
 * on the class path and on the module path. Only a program that writes these annotations itself
 * adds {@code org.jspecify:jspecify}, and {@code requires static org.jspecify} if it is a module.
 *
 * @since 0.1.0
 */
@NullMarked
module dev.stackful {
  // Not transitive: javac would then refuse a program that requires this module without JSpecify.
  requires static org.jspecify;

  // Asked for at run time, by the watchdog and by recordings: without them, neither works.
  requires static java.management;
  requires static jdk.jfr;

  // Each is @NullMarked itself too: on the class path no tool reads what a module is annotated
  // with.
  exports dev.stackful;
  exports dev.stackful.io;
  exports dev.stackful.foreign;
  exports dev.stackful.fiber;
}
