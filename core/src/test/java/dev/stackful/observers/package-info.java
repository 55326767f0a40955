/**
 * What looks at a JVM while coroutines are switched in it: profilers, debuggers, dumps, agents. The
 * torture programs run under each, and tests look at what each is told of a coroutine.
 */
package dev.stackful.observers;
