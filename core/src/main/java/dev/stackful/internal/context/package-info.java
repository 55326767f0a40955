/**
 * What the machine code does: one file for each instruction set, the same routine names in each.
 * Nothing outside this package names a register for what it holds.
 */
package dev.stackful.internal.context;
