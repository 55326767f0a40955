package dev.stackful.internal.engine;

/**
 * What a coroutine asks of its stack.
 *
 * @param threadName what its thread is called while it serves the coroutine
 * @param stackSizeBytes the stack's size in bytes; 0 is the engine's own choice
 * @param fresh whether the thread must not have served another coroutine
 */
public record StackRequest(String threadName, long stackSizeBytes, boolean fresh) {}
