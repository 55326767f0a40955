/**
 * Programs that put the library under strain. Each runs in a JVM of its own, so that a crash or a
 * hang is a test that fails.
 */
package dev.stackful.torture;
