package dev.stackful.fuzz;

/** The exceptions that random programs throw on purpose. */
final class Planned {
  private Planned() {}

  /** A new exception, with a number. */
  static Throwable of(Sort sort, int number) {
    return switch (sort) {
      case UNCHECKED -> new Unchecked(number);
      case CHECKED -> new Checked(number);
      case ERROR, UNWINDING -> new Fatal(number);
    };
  }

  /** Throws whatever it is given. */
  @SuppressWarnings("unchecked")
  static <X extends Exception> RuntimeException thrown(Throwable thrown) throws X {
    if (thrown instanceof Error e) {
      throw e;
    }
    throw (X) thrown;
  }

  static final class Unchecked extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unchecked(int number) {
      super(Integer.toString(number));
    }
  }

  static final class Checked extends Exception {
    private static final long serialVersionUID = 1L;

    Checked(int number) {
      super(Integer.toString(number));
    }
  }

  static final class Fatal extends Error {
    private static final long serialVersionUID = 1L;

    Fatal(int number) {
      super(Integer.toString(number));
    }
  }
}
