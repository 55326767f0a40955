/** A peer whose byte code is rewritten. */
@NullMarked
package dev.stackful.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
