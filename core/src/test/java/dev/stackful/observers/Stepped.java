package dev.stackful.observers;

import dev.stackful.Coroutine;
import dev.stackful.Yielder;

/** What a debugger steps through: {@link SteppingTest} knows its statements by their order. */
public final class Stepped {
  static final String COROUTINE = "stepped";

  private Stepped() {}

  /** Runs it, and prints what the body has ended with. */
  public static void main(String[] arguments) {
    Coroutine<Integer, Integer> c = Coroutine.builder().name(COROUTINE).build(Stepped::body);
    resumeOften(c);
    int result = c.resume(100);
    System.out.println("result " + result);
  }

  /** Four resumes; the body has yielded three times then, the last time in a helper. */
  private static void resumeOften(Coroutine<Integer, Integer> c) {
    int first = c.resume(1);
    int second = c.resume(first + 10);
    int third = c.resume(second + 10);
    suspended(first, second, third);
  }

  /** Called where the body is suspended in its helper. */
  private static void suspended(int first, int second, int third) {
    System.out.println("yielded " + first + " " + second + " " + third);
  }

  private static Integer body(Yielder<Integer, Integer> self, Integer begin) {
    String text = "local of the body " + begin;
    Integer second = self.yield(begin + 1);
    Integer third = self.yield(second + 1);
    Integer fourth = helper(self, third);
    return fourth + text.length();
  }

  private static Integer helper(Yielder<Integer, Integer> self, Integer value) {
    long doubled = 2L * value;
    Integer back = self.yield((int) doubled);
    return back + 1;
  }
}
