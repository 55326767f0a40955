package dev.stackful.observers;

import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.InconsistentDebugInfoException;
import com.sun.jdi.InternalException;
import com.sun.jdi.InvalidStackFrameException;
import com.sun.jdi.Method;
import com.sun.jdi.ObjectCollectedException;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StackFrame;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.LocatableEvent;
import com.sun.jdi.event.MethodExitEvent;
import com.sun.jdi.event.StepEvent;
import com.sun.jdi.event.VMDeathEvent;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.InvalidRequestStateException;
import com.sun.jdi.request.MethodExitRequest;
import com.sun.jdi.request.StepRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A debugger: it stops all threads and reads their variables, steps single threads through whatever
 * they do, stops at yields, and asks for the end of each method, in turn.
 */
public final class Debugger implements Observer {
  private static final int FRAMES_READ = 12;
  private static final int THREADS_READ = 16;
  private static final int THREADS_STEPPED = 6;
  private static final int JVMTI_INVALID_SLOT = 35;
  private static final int JVMTI_NOT_FOUND = 41;
  private static final long EACH_NANOS = 300_000_000L;

  private final boolean breaks;
  private final SplittableRandom random = new SplittableRandom(1);
  private long stops;
  private long frames;
  private long bodies;
  private long steps;
  private long breakpoints;
  private long methodExits;

  /**
   * Has seen nothing yet.
   *
   * @param breaks whether to set breakpoints: HotSpot itself crashes where a class that has some is
   *     redefined
   */
  public Debugger(boolean breaks) {
    this.breaks = breaks;
  }

  @Override
  public List<String> flags(Path folder) {
    return List.of(Attached.FLAG);
  }

  @Override
  public void watch(Process process, Path folder) throws Exception {
    VirtualMachine vm = Attached.to(process, folder.resolve("output.txt")).orElse(null);
    if (vm == null) {
      return;
    }
    try {
      look(vm);
    } catch (VMDisconnectedException e) {
      // the JVM has ended
    }
  }

  private void look(VirtualMachine vm) throws InterruptedException {
    boolean done = false;
    try {
      while (true) {
        stopAll(vm);
        step(vm);
        if (breaks) {
          stopAtYields(vm);
        }
        seeMethodsEnd(vm);
      }
    } catch (VMDisconnectedException e) {
      done = true;
      throw e;
    } finally {
      if (!done) {
        vm.dispose(); // what it has stopped goes on
      }
    }
  }

  private void stopAll(VirtualMachine vm) throws InterruptedException {
    long end = System.nanoTime() + EACH_NANOS;
    while (System.nanoTime() < end) {
      long start = System.nanoTime();
      vm.suspend();
      List<ThreadReference> threads = vm.allThreads();
      for (int i = 0; i < THREADS_READ; i++) {
        read(threads.get(random.nextInt(threads.size())));
      }
      vm.resume();
      stops++;
      Observer.pause(start);
    }
  }

  /** Reads the variables of a stopped thread. */
  private void read(ThreadReference thread) {
    boolean inBody = false;
    try {
      int depth = 0;
      for (StackFrame frame : thread.frames()) {
        frames++;
        if (isBody(frame.location().method())) {
          inBody = true;
        }
        if (depth++ < FRAMES_READ) {
          readVariables(frame);
        }
      }
    } catch (IncompatibleThreadStateException
        | AbsentInformationException
        | InvalidStackFrameException
        | ObjectCollectedException e) {
      // ended meanwhile, or without names of variables
    }
    if (inBody) {
      bodies++;
    }
  }

  /** A redefined method's frames stand in one version, and the tables read here are another's. */
  private static void readVariables(StackFrame frame) throws AbsentInformationException {
    try {
      var _ = frame.getValues(frame.visibleVariables());
    } catch (InconsistentDebugInfoException e) {
      // a variable of another type
    } catch (InternalException e) {
      if (e.errorCode() != JVMTI_INVALID_SLOT) {
        throw e;
      }
    }
  }

  private static boolean isBody(Method method) {
    return method.name().equals(Bodies.METHOD)
        && Bodies.CLASSES.contains(method.declaringType().name());
  }

  // ---- steps ---------------------------------------------------------------------------------

  private void step(VirtualMachine vm) throws InterruptedException {
    List<StepRequest> requests = new ArrayList<>();
    vm.suspend();
    List<ThreadReference> threads = new ArrayList<>(vm.allThreads());
    for (int i = 0; i < THREADS_STEPPED && !threads.isEmpty(); i++) {
      ThreadReference thread = threads.remove(random.nextInt(threads.size()));
      int depth = List.of(StepRequest.STEP_INTO, StepRequest.STEP_OVER).get(random.nextInt(2));
      StepRequest request =
          vm.eventRequestManager().createStepRequest(thread, StepRequest.STEP_MIN, depth);
      // Half of them only tell, as fast as they can: a storm.
      request.setSuspendPolicy(
          random.nextBoolean() ? EventRequest.SUSPEND_EVENT_THREAD : EventRequest.SUSPEND_NONE);
      enable(request, requests);
    }
    vm.resume();
    take(vm, requests);
  }

  private void stopAtYields(VirtualMachine vm) throws InterruptedException {
    List<BreakpointRequest> requests = new ArrayList<>();
    for (ReferenceType type : vm.classesByName("dev.stackful.CoroutineCore")) {
      for (String name : List.of("yield", "transferTo")) {
        for (Method method : type.methodsByName(name)) {
          if (!method.isAbstract() && !method.isBridge()) {
            BreakpointRequest request =
                vm.eventRequestManager().createBreakpointRequest(method.location());
            request.addCountFilter(random.nextInt(1, 50));
            request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
            enable(request, requests);
          }
        }
      }
    }
    take(vm, requests);
  }

  private void seeMethodsEnd(VirtualMachine vm) throws InterruptedException {
    List<MethodExitRequest> requests = new ArrayList<>();
    MethodExitRequest request = vm.eventRequestManager().createMethodExitRequest();
    request.addClassFilter("dev.stackful.*");
    request.setSuspendPolicy(EventRequest.SUSPEND_NONE);
    enable(request, requests);
    take(vm, requests);
  }

  private static <R extends EventRequest> void enable(R request, List<R> requests) {
    try {
      request.enable();
      requests.add(request);
    } catch (InvalidRequestStateException
        | ObjectCollectedException
        | IllegalThreadStateException e) {
      // its thread has ended
    }
  }

  /** Takes events for a while, and those that are on their way when it withdraws the requests. */
  private void take(VirtualMachine vm, List<? extends EventRequest> requests)
      throws InterruptedException {
    long end = System.nanoTime() + EACH_NANOS;
    while (System.nanoTime() < end) {
      take(vm.eventQueue().remove(EACH_NANOS / 1_000_000));
    }
    // To take back a step of a thread that runs is a fatal error in JDWP.
    vm.suspend();
    for (EventRequest request : requests) {
      try {
        vm.eventRequestManager().deleteEventRequest(request);
      } catch (InternalException e) {
        // a class that is redefined loses its breakpoints, and JDWP says that there is no such
        if (e.errorCode() != JVMTI_NOT_FOUND) {
          throw e;
        }
      }
    }
    vm.resume();
    EventSet late = vm.eventQueue().remove(1);
    while (late != null) {
      take(late);
      late = vm.eventQueue().remove(1);
    }
  }

  private void take(EventSet events) {
    if (events == null) {
      return;
    }
    for (Event event : events) {
      switch (event) {
        case VMDeathEvent _, VMDisconnectEvent _ -> throw new VMDisconnectedException();
        case StepEvent step -> {
          steps++;
          if (events.suspendPolicy() != EventRequest.SUSPEND_NONE) {
            read(step.thread());
          }
        }
        case BreakpointEvent breakpoint -> {
          breakpoints++;
          read(((LocatableEvent) breakpoint).thread());
        }
        case MethodExitEvent _ -> methodExits++;
        default -> {}
      }
    }
    events.resume();
  }

  @Override
  public String seen() {
    return String.format(
        Locale.ROOT,
        "stopped %,d times, %,d frames, %,d stacks of bodies; %,d steps; %,d breakpoints; %,d"
            + " methods' ends",
        stops,
        frames,
        bodies,
        steps,
        breakpoints,
        methodExits);
  }

  @Override
  public boolean hasSeen() {
    return stops > 0 && frames > 0;
  }

  @Override
  public boolean hasSeenBodies() {
    return bodies > 0 && steps > 0 && methodExits > 0 && (breakpoints > 0 || !breaks);
  }
}
