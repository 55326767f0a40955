/** XML as a sequence of events, out of a parser that calls back. */
package dev.stackful.examples.xml;
