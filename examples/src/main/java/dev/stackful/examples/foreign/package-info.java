/**
 * C libraries that push, pulled from: their callbacks become iterators. Each in two ways, by a
 * coroutine whose upcall yields, and by a foreign coroutine, without an upcall.
 */
package dev.stackful.examples.foreign;
