/**
 * What looks on while coroutines run, and is not needed for that: the watchdog and its search, the
 * events of the Flight Recorder, and the finder of abandoned coroutines.
 */
package dev.stackful.internal.watch;
