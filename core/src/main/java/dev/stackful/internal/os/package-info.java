/**
 * The operating system, through the Foreign Function and Memory API: memory, signals, thread ids,
 * the auxiliary vector. Nothing outside this package knows a system call's number.
 */
package dev.stackful.internal.os;
