package dev.stackful.torture;

import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.Bootstrap;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.StackFrame;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import java.util.Map;

/**
 * A debugger that attaches to a port of this machine, and suspends, reads and resumes all threads
 * in a loop until the JVM there ends.
 */
final class SoakDebugger {
  private SoakDebugger() {}

  /** Says how often it stopped the JVM and how many frames it read. */
  static String run(String port) throws Exception {
    AttachingConnector connector =
        Bootstrap.virtualMachineManager().attachingConnectors().stream()
            .filter(candidate -> candidate.name().equals("com.sun.jdi.SocketAttach"))
            .findFirst()
            .orElseThrow();
    Map<String, Connector.Argument> arguments = connector.defaultArguments();
    arguments.get("hostname").setValue("127.0.0.1");
    arguments.get("port").setValue(port);
    VirtualMachine vm = connector.attach(arguments);
    long stops = 0;
    long frames = 0;
    try {
      while (true) {
        vm.suspend();
        for (ThreadReference thread : vm.allThreads()) {
          frames += read(thread);
        }
        vm.resume();
        stops++;
        Thread.sleep(20);
      }
    } catch (VMDisconnectedException e) {
      return "stopped " + stops + " times, read " + frames + " frames";
    }
  }

  private static int read(ThreadReference thread) {
    int frames = 0;
    try {
      for (StackFrame frame : thread.frames()) {
        frames++;
        if (frames <= 20) {
          var _ = frame.getValues(frame.visibleVariables());
        }
      }
    } catch (IncompatibleThreadStateException | AbsentInformationException e) {
      // ended meanwhile, or without names of variables
    }
    return frames;
  }
}
