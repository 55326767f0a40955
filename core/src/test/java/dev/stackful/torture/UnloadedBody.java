package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Yielder;

/** A body whose class is loaded by a loader that is to go. */
public final class UnloadedBody implements Coroutine.Body<Object, Object> {
  @Override
  public Object run(Yielder<Object, Object> self, Object first) {
    Object local = new UnloadedBody();
    self.yield(local);
    return local;
  }
}
