/** The command: {@code demo}, {@code explain} and {@code doctor}. */
package dev.stackful.cli;
