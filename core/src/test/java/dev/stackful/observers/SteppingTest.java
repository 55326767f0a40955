package dev.stackful.observers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jdi.IntegerValue;
import com.sun.jdi.LocalVariable;
import com.sun.jdi.Location;
import com.sun.jdi.LongValue;
import com.sun.jdi.Method;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StackFrame;
import com.sun.jdi.StringReference;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.Value;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.MethodExitEvent;
import com.sun.jdi.event.StepEvent;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.MethodExitRequest;
import com.sun.jdi.request.StepRequest;
import dev.stackful.testing.OwnJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A debugger treats a coroutine as what it is, a thread: its steps follow the body across yields,
 * and the resumer across resumes.
 */
@Tag("native-speed")
final class SteppingTest {
  private static final long LIMIT_MILLIS = 60_000;

  @TempDir Path folder;

  private Process process;
  private Path output;
  private VirtualMachine vm;
  private ReferenceType stepped;

  @BeforeEach
  void start() throws Exception {
    output = folder.resolve("output.txt");
    process =
        new ProcessBuilder(
                OwnJvm.java(),
                "--enable-native-access=ALL-UNNAMED",
                Attached.FLAG_SUSPENDED,
                "-cp",
                System.getProperty("java.class.path"),
                Stepped.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    vm = Attached.to(process, output).orElseThrow();
    ClassPrepareRequest prepared = vm.eventRequestManager().createClassPrepareRequest();
    prepared.addClassFilter(Stepped.class.getName());
    prepared.enable();
    stepped = next(ClassPrepareEvent.class).referenceType();
  }

  @AfterEach
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Goes on until an event comes that all threads stand still for. */
  private <E extends Event> E next(Class<E> type) throws InterruptedException {
    vm.resume();
    while (true) {
      EventSet events = vm.eventQueue().remove(LIMIT_MILLIS);
      assertTrue(events != null, "nothing has happened for long");
      for (Event event : events) {
        if (type.isInstance(event)) {
          return type.cast(event);
        }
        assertTrue(!(event instanceof VMDisconnectEvent), "the JVM has ended");
      }
      events.resume();
    }
  }

  private void lastsToItsEnd() throws Exception {
    lastsToItsEnd("local of the body 1");
  }

  /**
   * Lets it run.
   *
   * @param text what the body's local of that name is at the end
   */
  private void lastsToItsEnd(String text) throws Exception {
    vm.eventRequestManager().deleteAllBreakpoints();
    vm.dispose();
    assertEnded(text);
  }

  private void assertEnded(String text) throws Exception {
    assertTrue(process.waitFor(LIMIT_MILLIS, TimeUnit.MILLISECONDS));
    String printed = Files.readString(output);
    assertEquals(0, process.exitValue(), printed);
    assertTrue(printed.contains("yielded 2 13 46"), printed);
    assertTrue(printed.contains("result " + (101 + text.length())), printed);
  }

  // ---- where things are ----------------------------------------------------------------------

  private Method method(String name) {
    return stepped.methodsByName(name).getFirst();
  }

  /** The first instruction of a statement, counted from zero. */
  private Location statement(String method, int number) throws Exception {
    int last = -1;
    int seen = -1;
    for (Location location : method(method).allLineLocations()) {
      if (location.lineNumber() > last) {
        last = location.lineNumber();
        seen++;
        if (seen == number) {
          return location;
        }
      }
    }
    throw new AssertionError(method + " has no statement " + number);
  }

  private void assertAt(String method, int statement, StepEvent event) throws Exception {
    assertEquals(method, event.location().method().name());
    assertEquals(statement(method, statement).lineNumber(), event.location().lineNumber(), method);
  }

  private BreakpointEvent stopAt(Location location) throws InterruptedException {
    BreakpointRequest request = vm.eventRequestManager().createBreakpointRequest(location);
    request.enable();
    BreakpointEvent event = next(BreakpointEvent.class);
    assertEquals(location, event.location());
    request.disable();
    return event;
  }

  private StepEvent step(ThreadReference thread, int depth) throws InterruptedException {
    StepRequest request =
        vm.eventRequestManager().createStepRequest(thread, StepRequest.STEP_LINE, depth);
    request.addCountFilter(1);
    request.enable();
    StepEvent event = next(StepEvent.class);
    assertEquals(thread, event.thread());
    vm.eventRequestManager().deleteEventRequest(request);
    return event;
  }

  private ThreadReference coroutine() {
    return vm.allThreads().stream()
        .filter(thread -> thread.name().equals(Stepped.COROUTINE))
        .findAny()
        .orElseThrow();
  }

  private static Value local(StackFrame frame, String name) throws Exception {
    LocalVariable variable = Objects.requireNonNull(frame.visibleVariableByName(name), name);
    return frame.getValue(variable);
  }

  private static int unboxed(@Nullable Value value) {
    ObjectReference boxed = (ObjectReference) Objects.requireNonNull(value);
    return ((IntegerValue) boxed.getValue(boxed.referenceType().fieldByName("value"))).value();
  }

  private static StackFrame frame(ThreadReference thread, Predicate<Method> which)
      throws Exception {
    Stream<StackFrame> frames = thread.frames().stream();
    return frames.filter(f -> which.test(f.location().method())).findFirst().orElseThrow();
  }

  // ---- the tests -----------------------------------------------------------------------------

  @Test
  void aStepOverAYieldEndsWhereTheBodyGoesOn() throws Exception {
    ThreadReference body = stopAt(statement("body", 1)).thread();
    assertEquals(Stepped.COROUTINE, body.name());
    StepEvent stepped = step(body, StepRequest.STEP_OVER);
    assertAt("body", 2, stepped);
    assertEquals(12, unboxed(local(body.frame(0), "second")));
    // Meanwhile its resumer has returned from a resume, and is in the next.
    ThreadReference main =
        vm.allThreads().stream().filter(t -> t.name().equals("main")).findAny().orElseThrow();
    StackFrame resumer = frame(main, method -> method.name().equals("resumeOften"));
    assertEquals(statement("resumeOften", 1).lineNumber(), resumer.location().lineNumber());
    assertEquals(2, ((IntegerValue) local(resumer, "first")).value());
    lastsToItsEnd();
  }

  @Test
  void aStepOverAResumeEndsWhereTheResumerGoesOn() throws Exception {
    ThreadReference main = stopAt(statement("resumeOften", 1)).thread();
    assertAt("resumeOften", 2, step(main, StepRequest.STEP_OVER));
    assertEquals(13, ((IntegerValue) local(main.frame(0), "second")).value());
    assertAt("resumeOften", 3, step(main, StepRequest.STEP_OVER));
    lastsToItsEnd();
  }

  @Test
  void aBreakpointInTheBodyComesFirst() throws Exception {
    ThreadReference main = stopAt(statement("resumeOften", 1)).thread();
    StepRequest step =
        vm.eventRequestManager()
            .createStepRequest(main, StepRequest.STEP_LINE, StepRequest.STEP_OVER);
    step.enable();
    ThreadReference body = stopAt(statement("body", 2)).thread();
    assertEquals(12, unboxed(local(body.frame(0), "second")));
    StepEvent stepped = next(StepEvent.class);
    assertEquals(main, stepped.thread());
    assertAt("resumeOften", 2, stepped);
    vm.eventRequestManager().deleteEventRequest(step);
    lastsToItsEnd();
  }

  @Test
  void stepsLeadIntoTheLibraryAndOutOfIt() throws Exception {
    ThreadReference body = stopAt(statement("body", 2)).thread();
    StepEvent inside = step(body, StepRequest.STEP_INTO);
    while (inside.location().declaringType().name().startsWith("java.")) {
      inside = step(body, StepRequest.STEP_INTO); // it unboxes what it yields first
    }
    while (!inside.location().method().name().equals("yield")) {
      inside = step(body, StepRequest.STEP_INTO);
    }
    assertEquals("dev.stackful.CoroutineCore", inside.location().declaringType().name());
    StepEvent outside = step(body, StepRequest.STEP_OUT);
    assertEquals("body", outside.location().method().name());
    assertAt("body", 3, step(body, StepRequest.STEP_OVER));
    assertEquals(23, unboxed(local(body.frame(0), "third")));
    lastsToItsEnd();
  }

  @Test
  void aStepOutOfAHelperThatYieldsEndsInTheBody() throws Exception {
    ThreadReference body = stopAt(statement("helper", 1)).thread();
    StepEvent outside = step(body, StepRequest.STEP_OUT);
    assertEquals("body", outside.location().method().name());
    assertAt("body", 4, step(body, StepRequest.STEP_OVER));
    assertEquals(101, unboxed(local(body.frame(0), "fourth")));
    lastsToItsEnd();
  }

  @Test
  void theLocalsOfASuspendedBodyAreThere() throws Exception {
    stopAt(statement("suspended", 0));
    ThreadReference body = coroutine();
    StackFrame helper = frame(body, method("helper")::equals);
    assertEquals(46, ((LongValue) local(helper, "doubled")).value());
    StackFrame frame = frame(body, method("body")::equals);
    assertEquals("local of the body 1", ((StringReference) local(frame, "text")).value());
    assertEquals(23, unboxed(local(frame, "third")));
    // What a debugger writes there is what the body goes on with.
    String written = "longer than the text that was there";
    frame.setValue(
        Objects.requireNonNull(frame.visibleVariableByName("text")), vm.mirrorOf(written));
    lastsToItsEnd(written);
  }

  @Test
  void methodsOfTheBodyAreSeenToEndWithTheirResults() throws Exception {
    stopAt(statement("resumeOften", 0));
    MethodExitRequest request = vm.eventRequestManager().createMethodExitRequest();
    request.addClassFilter(Stepped.class.getName());
    request.enable();
    List<String> ended = new ArrayList<>();
    while (!ended.contains("body")) {
      MethodExitEvent event = next(MethodExitEvent.class);
      ended.add(event.method().name());
      if (event.method().name().equals("helper")) {
        assertEquals(Stepped.COROUTINE, event.thread().name());
        assertEquals(101, unboxed(event.returnValue()));
      }
    }
    assertEquals(List.of("suspended", "resumeOften", "helper", "body"), ended);
    request.disable();
    lastsToItsEnd();
  }

  /** Every single instruction of a coroutine's thread and of its resumer's, to the end. */
  @Test
  void allInstructionsOfBothSidesCanBeStepped() throws Exception {
    ThreadReference body = stopAt(statement("body", 0)).thread();
    ThreadReference main =
        vm.allThreads().stream().filter(t -> t.name().equals("main")).findAny().orElseThrow();
    for (ThreadReference thread : List.of(body, main)) {
      StepRequest request =
          vm.eventRequestManager()
              .createStepRequest(thread, StepRequest.STEP_MIN, StepRequest.STEP_INTO);
      request.setSuspendPolicy(EventRequest.SUSPEND_NONE);
      request.enable();
    }
    long ofBody = 0;
    long ofMain = 0;
    vm.resume();
    try {
      while (true) {
        for (Event event : vm.eventQueue().remove(LIMIT_MILLIS)) {
          if (event instanceof StepEvent step) {
            if (step.thread().equals(body)) {
              ofBody++;
            } else {
              ofMain++;
            }
          }
        }
      }
    } catch (VMDisconnectedException e) {
      // the program has ended
    }
    assertTrue(ofBody > 100 && ofMain > 100, "steps: " + ofBody + " and " + ofMain);
    System.out.println("steps of the body " + ofBody + ", of its resumer " + ofMain);
    assertEnded("local of the body 1");
  }
}
