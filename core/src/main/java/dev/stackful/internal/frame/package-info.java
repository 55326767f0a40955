/**
 * What a stack looks like while nobody runs on it, on each instruction set, and how routines that
 * leave such a stack become code that can be called: what the switches of Java threads' stacks and
 * of C functions' stacks share.
 */
package dev.stackful.internal.frame;
