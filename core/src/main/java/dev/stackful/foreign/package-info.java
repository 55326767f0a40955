/**
 * C functions and C callbacks as coroutines.
 *
 * <p>A {@link dev.stackful.foreign.ForeignCoroutine} runs a C function on a stack of its own. A
 * {@link dev.stackful.foreign.ForeignCallback} is a C function pointer which, when that function
 * calls it, suspends it and lets Java read the arguments and answer: so a C API that pushes through
 * callbacks is pulled from Java.
 *
 * {@snippet class="dev.stackful.examples.snippets.SortSteps" region="sort-steps"}
 *
 * <p>Bodies of Java are {@link dev.stackful.Coroutine}s. One of those may make a downcall to C code
 * that calls Java back, and yield in that upcall; a foreign coroutine needs no upcall, no thread
 * and a page or two of memory, but runs C code only. It is for Linux on x86-64 and AArch64; on
 * macOS it has not yet been run.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.stackful.foreign;

import org.jspecify.annotations.NullMarked;
