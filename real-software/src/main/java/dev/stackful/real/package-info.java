/**
 * Software that knows nothing of this library, run in bodies that yield at each of its callbacks:
 * what it computes must be what it computes outside of a body.
 */
@NullMarked
package dev.stackful.real;

import org.jspecify.annotations.NullMarked;
