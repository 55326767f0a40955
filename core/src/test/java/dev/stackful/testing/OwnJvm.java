package dev.stackful.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a main class of the tests in a JVM of its own, with a time limit: for whatever could crash
 * or hang the JVM that runs the tests.
 *
 * <p>The system property {@code stackful.test.java} names the {@code java} to start, where that is
 * not the running one: an emulator's wrapper, for instance. {@code stackful.test.slowness}
 * multiplies the time limits.
 */
public final class OwnJvm {
  private static final int SLOWNESS = Integer.getInteger("stackful.test.slowness", 1);

  private final List<String> flags = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private Duration limit = Duration.ofSeconds(60).multipliedBy(SLOWNESS);
  private String classPath = System.getProperty("java.class.path");
  private boolean enableNativeAccess = true;

  /** What a run printed and how it ended. */
  public record Result(int exitStatus, String output, Duration elapsed) {
    /** Fails unless the run ended with status 0. */
    public Result mustSucceed() {
      if (exitStatus != 0) {
        throw new AssertionError("exit status " + exitStatus + "\n" + output);
      }
      return this;
    }

    /** Fails unless the output contains a text. */
    public Result mustPrint(String text) {
      if (!output.contains(text)) {
        throw new AssertionError("nothing like \"" + text + "\" in:\n" + output);
      }
      return this;
    }
  }

  /** Adds flags of the JVM. */
  public OwnJvm with(String... more) {
    flags.addAll(List.of(more));
    return this;
  }

  /** Sets a variable of the environment. */
  public OwnJvm withVariable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Takes the classes of a folder before those of the same name that there are. */
  public OwnJvm withClassesFirst(Path folder) {
    classPath = folder + File.pathSeparator + classPath;
    return this;
  }

  /** Leaves out the flag that allows native access. */
  public OwnJvm withoutNativeAccess() {
    enableNativeAccess = false;
    return this;
  }

  /** Changes the time limit, which is a minute; it is stretched on slow machines. */
  public OwnJvm within(Duration limit) {
    this.limit = limit.multipliedBy(SLOWNESS);
    return this;
  }

  /** The {@code java} that tests start. */
  public static String java() {
    String launcher = System.getenv("STACKFUL_JAVA");
    return launcher != null
        ? launcher
        : Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Runs a main class to its end. Past the time limit it is killed, and the test fails. */
  public Result run(Class<?> mainClass, String... arguments) {
    List<String> command = new ArrayList<>(List.of(java()));
    if (enableNativeAccess) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.add("-Dstackful.test.slowness=" + SLOWNESS);
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, mainClass.getName()));
    command.addAll(List.of(arguments));
    try {
      Path output = Files.createTempFile("stackful-own-jvm", ".txt");
      try {
        return start(command, output);
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private Result start(List<String> command, Path output) throws IOException, InterruptedException {
    long start = System.nanoTime();
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      dumpThreads(process);
      process.destroyForcibly().waitFor();
      throw new AssertionError(
          "still running after " + limit + ": " + command + "\n" + Files.readString(output));
    }
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    return new Result(process.exitValue(), Files.readString(output), elapsed);
  }

  /** SIGQUIT has a JVM print its threads' stacks, if it is still able to. */
  private static void dumpThreads(Process process) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).start().waitFor();
    process.waitFor(5, TimeUnit.SECONDS);
  }
}
