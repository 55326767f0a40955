package dev.stackful.observers;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A JVM that waits for a debugger. */
final class Attached {
  /** Has the JVM choose a port, and go on at once. */
  static final String FLAG =
      "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0";

  /** The same, and the JVM does nothing before a debugger has come. */
  static final String FLAG_SUSPENDED = FLAG.replace("suspend=n", "suspend=y");

  private static final Pattern PORT =
      Pattern.compile("Listening for transport dt_socket at address: (\\d+)");

  private Attached() {}

  /**
   * Waits until a JVM has printed its port, and attaches.
   *
   * @return empty if it ended before
   */
  static Optional<VirtualMachine> to(Process process, Path output) throws Exception {
    while (process.isAlive()) {
      Matcher port = PORT.matcher(Files.exists(output) ? Files.readString(output) : "");
      if (port.find()) {
        return Optional.of(to(port.group(1)));
      }
      Thread.sleep(10);
    }
    return Optional.empty();
  }

  private static VirtualMachine to(String port) throws Exception {
    AttachingConnector connector =
        Bootstrap.virtualMachineManager().attachingConnectors().stream()
            .filter(candidate -> candidate.name().equals("com.sun.jdi.SocketAttach"))
            .findFirst()
            .orElseThrow();
    Map<String, Connector.Argument> arguments = connector.defaultArguments();
    arguments.get("hostname").setValue("127.0.0.1");
    arguments.get("port").setValue(port);
    return connector.attach(arguments);
  }
}
