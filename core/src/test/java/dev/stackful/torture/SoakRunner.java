package dev.stackful.torture;

import dev.stackful.testing.OwnJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the soak under every configuration, one after the other, with jcmd in a loop beside it; a
 * hang is looked at with jstack and gdb before it is ended. The argument is the number of minutes
 * for all of them together.
 */
public final class SoakRunner {
  /** For the JVM's start and end, and for -Xcomp. */
  private static final long GRACE_SECONDS = 90;

  private static final long LOOK_SECONDS = 60;
  private static final Pattern PORT =
      Pattern.compile("Listening for transport dt_socket at address: (\\d+)");
  private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");

  private SoakRunner() {}

  /** Runs it. */
  @SuppressWarnings("SystemExitOutsideMain")
  public static void main(String[] arguments) throws Exception {
    double minutes = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 10;
    List<SoakConfiguration> configurations = new ArrayList<>();
    for (SoakConfiguration configuration : SoakConfiguration.values()) {
      if (isKnown(configuration)) {
        configurations.add(configuration);
      } else {
        System.out.println("left out  " + configuration + ": this JVM doesn't know it");
      }
    }
    long seconds = Math.max(3, (long) (60 * minutes / configurations.size()));
    int failed = 0;
    for (SoakConfiguration configuration : configurations) {
      if (!soak(configuration, seconds)) {
        failed++;
      }
    }
    System.out.printf("%d passed, %d failed%n", configurations.size() - failed, failed);
    System.exit(failed == 0 ? 0 : 1);
  }

  private static boolean isKnown(SoakConfiguration configuration) throws Exception {
    if (configuration != SoakConfiguration.SHENANDOAH) {
      return true;
    }
    return call(List.of(OwnJvm.java(), "-XX:+UseShenandoahGC", "-version")).exitStatus == 0;
  }

  private static boolean soak(SoakConfiguration configuration, long seconds) throws Exception {
    Path output = Files.createTempFile("stackful-soak", ".txt");
    List<String> command = new ArrayList<>(List.of(OwnJvm.java()));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(configuration.flags());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Soak.class.getName(),
            Long.toString(seconds)));
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    FutureTask<String> beside = new FutureTask<>(lookAt(configuration, process, output));
    Thread.ofPlatform().daemon().start(beside);
    boolean ended = process.waitFor(seconds + GRACE_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      showHang(process);
      process.destroyForcibly().waitFor();
    }
    String looked = beside.get(LOOK_SECONDS, TimeUnit.SECONDS);
    String text = Files.readString(output);
    boolean ok = ended && process.exitValue() == 0 && text.contains("soak ok");
    if (ok) {
      String resumes = text.lines().filter(line -> line.contains(" resumes, ")).findAny().get();
      System.out.printf(
          "ok        %-16s %s, %s; %d s%n",
          configuration, resumes, looked, (System.nanoTime() - start) / 1_000_000_000);
    } else {
      System.out.printf(
          "FAILED    %-16s %s%n%s%n",
          configuration, ended ? "exit status " + process.exitValue() : "hung", text.indent(4));
    }
    Files.delete(output);
    if (configuration == SoakConfiguration.FLIGHT_RECORDER) {
      String recording = "stackful-soak-" + process.pid() + ".jfr";
      Files.deleteIfExists(Path.of(System.getProperty("java.io.tmpdir"), recording));
    }
    return ok;
  }

  /** What goes on beside a soak until it ends. */
  private static Callable<String> lookAt(
      SoakConfiguration configuration, Process process, Path output) {
    return () -> {
      if (configuration == SoakConfiguration.DEBUGGED) {
        return SoakDebugger.run(portIn(output, process));
      }
      long looks = 0;
      String jcmd = BIN.resolve("jcmd").toString();
      if (!Files.isExecutable(Path.of(jcmd))) {
        return "no jcmd here";
      }
      String pid = Long.toString(process.pid());
      while (process.isAlive()) {
        if (call(List.of(jcmd, pid, "Thread.print", "-l")).exitStatus == 0) {
          looks++;
        }
        if (call(List.of(jcmd, pid, "GC.class_histogram")).exitStatus == 0) {
          looks++;
        }
      }
      return "jcmd " + looks + " times";
    };
  }

  private static String portIn(Path output, Process process) throws Exception {
    while (process.isAlive()) {
      Matcher port = PORT.matcher(Files.readString(output));
      if (port.find()) {
        return port.group(1);
      }
      Thread.sleep(10);
    }
    throw new IllegalStateException("the JVM ended before it listened");
  }

  private static void showHang(Process process) throws Exception {
    String pid = Long.toString(process.pid());
    System.out.println("HANG of the process " + pid);
    List<List<String>> looks =
        List.of(
            List.of(BIN.resolve("jstack").toString(), pid),
            List.of("gdb", "-p", pid, "-batch", "-ex", "thread apply all bt"));
    for (List<String> look : looks) {
      try {
        System.out.println(String.join(" ", look) + "\n" + call(look).output.indent(4));
      } catch (IOException e) {
        System.out.println(look.getFirst() + " isn't here");
      }
    }
  }

  private record Result(int exitStatus, String output) {}

  /** Runs a tool to its end, or to its time limit; a file takes the output. */
  private static Result call(List<String> command) throws Exception {
    Path output = Files.createTempFile("stackful-soak", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(LOOK_SECONDS / 2, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      return new Result(ended ? process.exitValue() : -1, Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }
}
