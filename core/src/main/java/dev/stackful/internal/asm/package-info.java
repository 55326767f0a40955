/**
 * Two small assemblers and the listing that both produce.
 *
 * <p>An assembler turns each call into bytes and into a line of text at the same time, so what a
 * reader is shown cannot drift from what the processor runs. The text is that of GNU {@code
 * objdump}, and the tests hold every instruction to it. Nothing here knows what a coroutine is.
 */
package dev.stackful.internal.asm;
