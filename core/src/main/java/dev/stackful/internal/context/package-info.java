/**
 * The stacks of Java threads, which the engine switches: the routines, one file for each
 * instruction set with the same routine names in each, and the contexts that they work on.
 */
package dev.stackful.internal.context;
