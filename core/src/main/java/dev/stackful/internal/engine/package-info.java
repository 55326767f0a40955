/**
 * Where a coroutine's stack comes from, and how control gets there and back: by our own context
 * switch, or by two threads that pass a baton.
 */
package dev.stackful.internal.engine;
