/**
 * What Stackful costs, and what its peers cost. Every benchmark moves one value in and the same
 * value out again, so that nothing can be optimised away and all do the same work.
 */
@NullMarked
package dev.stackful.benchmarks;

import org.jspecify.annotations.NullMarked;
