package dev.stackful.benchmarks;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * A sequence as its reader sees it, whose body stands still at each element until it is resumed.
 */
public abstract class ResumingIterator implements Iterator<Object> {
  private boolean ahead;
  private boolean ended;

  /** For subclasses, each of which resumes a body of its own kind. */
  protected ResumingIterator() {}

  /**
   * Resumes the body.
   *
   * @return whether it stands at an element; otherwise it has ended
   */
  protected abstract boolean resume();

  /**
   * Gets the element at which the body stands.
   *
   * @return the element
   */
  protected abstract Object element();

  @Override
  public final boolean hasNext() {
    if (!ahead && !ended) {
      ahead = resume();
      ended = !ahead;
    }
    return ahead;
  }

  @Override
  public final Object next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    ahead = false;
    return element();
  }
}
