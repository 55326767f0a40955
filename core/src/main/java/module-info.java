import org.jspecify.annotations.NullMarked;

/**
 * Stackful coroutines for Java: bodies that are ordinary Java and may yield from any depth.
 *
 * <p>{@link dev.stackful.Coroutine} and {@link dev.stackful.Generator} are the way in; {@link
 * dev.stackful.Engine} says how control gets from one stack to another.
 */
@NullMarked
module dev.stackful {
  requires static transitive org.jspecify;

  // Asked for at run time, by the watchdog and by recordings: without them, neither works.
  requires static java.management;
  requires static jdk.jfr;

  exports dev.stackful;
  exports dev.stackful.foreign;
  exports dev.stackful.fiber;
}
