package dev.stackful.fuzz;

/** A block that another thread runs, while the caller waits for its end. */
record Elsewhere(int worker) implements Action {
  @Override
  public String toString() {
    return "in the thread w" + worker;
  }
}
