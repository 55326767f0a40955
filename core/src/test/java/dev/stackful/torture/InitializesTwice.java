package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Engine;

/** A class whose static initializer waits for a coroutine that needs the class. */
final class InitializesTwice {
  static final String VALUE;

  static {
    Coroutine<Object, Object> c =
        Coroutine.builder()
            .engine(Engine.valueOf(System.getProperty("engine")))
            .name("needs-the-class")
            .build((self, first) -> Needs.value());
    VALUE = String.valueOf(c.resume());
  }

  private InitializesTwice() {}

  /** Not the class itself: the lambda is a method of it, so calling that would initialize it. */
  private static final class Needs {
    static String value() {
      return InitializesTwice.VALUE;
    }
  }
}
