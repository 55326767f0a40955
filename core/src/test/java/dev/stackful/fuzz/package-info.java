/**
 * Random programs that use the library, each from a seed. What they do on every engine is compared,
 * line by line, with what a plain model says, which is written from the Javadoc alone: an
 * interpreter with stacks of its own, and no coroutine inside.
 *
 * <p>A {@link dev.stackful.fuzz.Program} is a tree of {@link dev.stackful.fuzz.Statement}s. An
 * {@link dev.stackful.fuzz.Interpreter} runs it with the library, by recursion on the coroutines'
 * own stacks; a {@link dev.stackful.fuzz.Machine} runs it without. Both write a {@link
 * dev.stackful.fuzz.Log}. What is tried is a {@link dev.stackful.fuzz.Subject}: it makes the
 * programs, and knows the actions that theirs are made of.
 */
package dev.stackful.fuzz;
