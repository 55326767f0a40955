/** What the library's documents quote. The text between the markers is what they show. */
package dev.stackful.examples.snippets;
