/** Programs that use Stackful: {@code ./stackful example NAME} runs one. */
package dev.stackful.examples;
