/** What a caller carries with it, its logging context and its transaction, in bodies. */
package dev.stackful.examples.context;
