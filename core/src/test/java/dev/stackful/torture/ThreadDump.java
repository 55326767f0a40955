package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Yielder;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.management.ObjectName;

/** A suspended coroutine is a thread that every tool can see. */
public final class ThreadDump {
  private static final String NAME = "parser-17";
  private static final List<String> FRAMES = List.of("standsHere", "calledByTheBody");

  private ThreadDump() {}

  /** Runs them all. */
  public static void main(String[] arguments) throws Exception {
    Coroutine<Object, Object> c =
        Coroutine.builder().name(NAME).build((self, first) -> calledByTheBody(self));
    c.resume("");
    Check.scenario("Thread.getAllStackTraces", ThreadDump::allStackTraces);
    Check.scenario("the diagnostic command", ThreadDump::diagnosticCommand);
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    if (Files.isExecutable(jcmd)) {
      Check.scenario("jcmd", () -> jcmd(jcmd));
    }
    Check.equal("end", c.resume("end"), "the coroutine afterwards");
  }

  private static Object calledByTheBody(Yielder<Object, Object> self) {
    return standsHere(self);
  }

  private static Object standsHere(Yielder<Object, Object> self) {
    return self.yield("");
  }

  private static void allStackTraces() {
    for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
      if (entry.getKey().getName().equals(NAME)) {
        String trace = List.of(entry.getValue()).toString();
        FRAMES.forEach(frame -> Check.that(trace.contains("." + frame + "("), trace));
        return;
      }
    }
    throw new AssertionError("no thread " + NAME);
  }

  private static void diagnosticCommand() throws Exception {
    Object dump =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "threadPrint",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
    check(dump.toString());
  }

  private static void jcmd(Path jcmd) throws Exception {
    String pid = Long.toString(ProcessHandle.current().pid());
    Process process =
        new ProcessBuilder(jcmd.toString(), pid, "Thread.print").redirectErrorStream(true).start();
    String dump = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Check.equal(0, process.waitFor(), "jcmd's exit status; " + dump);
    check(dump);
  }

  private static void check(String dump) {
    int start = dump.indexOf("\"" + NAME + "\"");
    Check.that(start >= 0, "no thread " + NAME + " in " + dump);
    int end = dump.indexOf("\n\n", start);
    String thread = end < 0 ? dump.substring(start) : dump.substring(start, end);
    FRAMES.forEach(
        frame ->
            Check.that(thread.contains(ThreadDump.class.getName() + "." + frame + "("), thread));
  }
}
