/** The fibers that the article {@code docs/context-switch.md} explains. */
package dev.stackful.examples.book;
