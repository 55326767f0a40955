package dev.stackful.real;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import junit.framework.AssertionFailedError;
import junit.framework.Test;
import junit.framework.TestCase;
import junit.framework.TestFailure;
import junit.framework.TestListener;
import junit.framework.TestResult;
import junit.framework.TestSuite;

/**
 * OpenJDK's tests of java.util.concurrent, of one class: before and after each test, and where the
 * tests call {@link Thread#yield}, in whose place the compiled ones have {@link Pause#hereOrYield}.
 */
final class Jsr166 implements Program {
  /** Some wait for so long only, which a busy machine exceeds. */
  private static final int TRIES = 3;

  private final Class<?> tests;

  Jsr166(Class<?> tests) {
    this.tests = tests;
  }

  /** The classes with tests among those in a folder, by their names. */
  static SortedMap<String, Jsr166> in(Path folder) throws IOException {
    SortedMap<String, Jsr166> found = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith("Test.class") && !name.contains("$")) {
          String simple = name.substring(0, name.length() - ".class".length());
          try {
            Class<?> tests = Class.forName(simple);
            if (!Modifier.isAbstract(tests.getModifiers())
                && TestCase.class.isAssignableFrom(tests)
                && tests.getConstructors().length > 0) { // else it has tests for others' suites
              found.put(simple, new Jsr166(tests));
            }
          } catch (ClassNotFoundException e) {
            throw new IOException("not on the class path: " + folder, e);
          }
        }
      }
    }
    return found;
  }

  @Override
  public String run() throws Exception {
    Set<String> failed = new TreeSet<>();
    List<TestCase> again = new ArrayList<>();
    int count = 0;
    Test suite = suite();
    for (int i = 0; i < TRIES; i++) {
      TestResult result = new TestResult();
      result.addListener(new Pausing());
      failed.clear();
      if (i == 0) {
        suite.run(result);
        count = result.runCount();
      } else {
        again.forEach(test -> test.run(result));
      }
      again.clear();
      collect(result.failures(), failed, again);
      collect(result.errors(), failed, again);
      if (failed.isEmpty()) {
        break;
      }
    }
    return count + " tests" + (failed.isEmpty() ? "" : ", failed: " + failed);
  }

  private Test suite() throws ReflectiveOperationException {
    Method suite;
    try {
      suite = tests.getDeclaredMethod("suite"); // not the one of all tests, which is inherited
    } catch (NoSuchMethodException e) {
      return new TestSuite(tests.asSubclass(TestCase.class));
    }
    return (Test) suite.invoke(null);
  }

  private static void collect(
      Enumeration<TestFailure> failures, Set<String> names, List<TestCase> tests) {
    failures
        .asIterator()
        .forEachRemaining(
            failure -> {
              names.add(failure.failedTest() + ": " + failure.exceptionMessage());
              if (failure.failedTest() instanceof TestCase test) {
                tests.add(test);
              }
            });
  }

  private static final class Pausing implements TestListener {
    @Override
    public void startTest(Test test) {
      Pause.here();
    }

    @Override
    public void endTest(Test test) {
      Pause.here();
    }

    @Override
    public void addError(Test test, Throwable error) {
      Pause.here();
    }

    @Override
    public void addFailure(Test test, AssertionFailedError failure) {
      Pause.here();
    }
  }
}
