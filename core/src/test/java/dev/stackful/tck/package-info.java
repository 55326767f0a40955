/** The Reactive Streams TCK for {@code java.util.concurrent.Flow}, run on generators and sinks. */
package dev.stackful.tck;
