/**
 * C functions on stacks of their own: the routines that switch to them and back, one file for each
 * instruction set with the same routine names in each; their first frame, the thunks that C code
 * calls, and the stacks. No Java frame ever lies on one of these stacks.
 */
package dev.stackful.internal.foreign;
