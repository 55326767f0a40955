/**
 * Coroutines and generators.
 *
 * <p>A {@link dev.stackful.Coroutine} has a stack of its own. {@link
 * dev.stackful.Coroutine#resume(Object) resume} runs its body up to the next {@link
 * dev.stackful.Yielder#yield(Object) yield}, which may stand at any depth of calls below the body.
 * A {@link dev.stackful.Generator} is the same seen as an {@link java.lang.Iterable}.
 */
package dev.stackful;
