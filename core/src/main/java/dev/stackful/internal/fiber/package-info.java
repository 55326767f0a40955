/**
 * What is below the fibers that programs see: who runs next, who waits and how a wait ends, timers,
 * what comes from other threads, and the trace. It knows nothing of {@code dev.stackful.fiber}.
 *
 * <p>Errors may strike anywhere: a stack may overflow at any call, memory may end at any
 * allocation. Each class keeps its own promise then, in one of two ways: what may fail comes before
 * the first change, and the changes are plain writes, which cannot fail; or what is left half done
 * is told from what holds, and passed over.
 */
package dev.stackful.internal.fiber;
