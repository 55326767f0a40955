package dev.stackful.torture;

import dev.stackful.observers.Observer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One JVM that runs one program, with a time limit. What a fault leaves is kept in the run's
 * folder: all output, the JVM's hs_err file, the backtraces of all threads by gdb and jstack, and
 * the command that runs it again.
 */
final class TortureRun {
  /** For the JVM's start and end, for -Xcomp, and for a machine that has other work. */
  private static final long GRACE_SECONDS = 120;

  private static final long LOOK_SECONDS = 60;
  private static final Pattern SWITCHES = Pattern.compile("(?m)^switches: (\\d+)$");
  private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");

  private final TortureJdk jdk;
  private final TortureConfiguration configuration;
  private final List<Observer> observers;
  private final Path folder;
  private final Path output;

  /** How a JVM ended, and how many switches it did. */
  record Outcome(Verdict verdict, long switches, String detail) {}

  /** What a JVM's end means. */
  enum Verdict {
    OK("ok"),
    LEFT_OUT("left out"),
    /** What should have looked at it saw nothing. */
    BLIND("SAW NOTHING"),
    CRASHED("CRASHED"),
    HUNG("HUNG"),
    FAILED("FAILED");

    private final String text;

    Verdict(String text) {
      this.text = text;
    }

    boolean isFault() {
      return this != OK && this != LEFT_OUT;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  TortureRun(TortureJdk jdk, TortureConfiguration configuration, Path folder) {
    this.jdk = jdk;
    this.configuration = configuration;
    this.observers = configuration.observers();
    this.folder = folder.toAbsolutePath();
    this.output = this.folder.resolve("output.txt");
  }

  /** Runs a program to its end; its folder is left only after a fault. */
  Outcome run(TortureProgram program, long seconds, long seed) throws Exception {
    return run(
        program.flags(),
        TortureJvm.class,
        List.of(program.name(), Long.toString(seconds), Long.toString(seed)),
        seconds + GRACE_SECONDS * jdk.slowness() * configuration.slowness(),
        program == TortureProgram.RESUMES);
  }

  /** The same for any main class. */
  Outcome run(
      List<String> flags, Class<?> main, List<String> arguments, long limitSeconds, boolean jcmd)
      throws Exception {
    for (Observer observer : observers) {
      if (observer.missing().isPresent()) {
        return new Outcome(Verdict.LEFT_OUT, 0, observer.missing().get());
      }
    }
    delete();
    Files.createDirectories(folder);
    List<String> command = command(flags, main, arguments);
    Files.writeString(folder.resolve("again.txt"), String.join(" ", command) + "\n");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    } catch (IOException e) { // the others of a long run may well start
      return new Outcome(Verdict.FAILED, 0, "did not start: " + e.getMessage());
    }
    List<FutureTask<?>> beside = lookAt(process, jcmd);
    boolean ended = process.waitFor(limitSeconds, TimeUnit.SECONDS);
    if (!ended) {
      beside.forEach(look -> look.cancel(true)); // gdb may be attached only once
      keepBacktraces(process);
      process.destroyForcibly().waitFor();
    }
    Outcome outcome = judge(ended, process.exitValue(), beside);
    if (!outcome.verdict.isFault()) {
      delete();
    }
    return outcome;
  }

  private List<String> command(List<String> flags, Class<?> main, List<String> arguments)
      throws Exception {
    List<String> command = new ArrayList<>(configuration.prefix());
    command.add(jdk.java());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dstackful.test.slowness=" + jdk.slowness());
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:ErrorFile=" + folder.resolve("hs_err_%p.log"));
    if (hasGdb()) {
      command.add(
          "-XX:OnError=gdb -p %p -batch -ex 'thread apply all bt' >'"
              + folder.resolve("gdb.txt")
              + "' 2>&1");
    }
    command.addAll(configuration.flags());
    for (Observer observer : observers) {
      command.addAll(observer.flags(folder));
    }
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return command;
  }

  private static boolean hasGdb() {
    return Files.isExecutable(Path.of("/usr/bin/gdb"));
  }

  private Outcome judge(boolean ended, int status, List<FutureTask<?>> beside) throws Exception {
    String text = Files.readString(output);
    long switches =
        SWITCHES.matcher(text).results().mapToLong(r -> Long.parseLong(r.group(1))).sum();
    if (!ended) {
      return new Outcome(Verdict.HUNG, switches, "see " + folder);
    }
    if (hasErrorFile()) {
      return new Outcome(Verdict.CRASHED, switches, "see " + folder);
    }
    if (text.contains("Could not create the Java Virtual Machine")) {
      return new Outcome(Verdict.LEFT_OUT, 0, text.lines().findFirst().orElse(""));
    }
    if (status != 0 || !text.contains(TortureJvm.OK) || text.contains("FAILED: ")) {
      // Without an hs_err file the kernel ended it, or the program itself did.
      Verdict verdict = status > 128 ? Verdict.CRASHED : Verdict.FAILED;
      return new Outcome(verdict, switches, "exit status " + status + ", see " + folder);
    }
    for (FutureTask<?> look : beside) {
      look.get(LOOK_SECONDS, TimeUnit.SECONDS);
    }
    for (Observer observer : observers) {
      observer.collect(folder);
    }
    return new Outcome(
        Verdict.OK,
        switches,
        observers.stream().map(Observer::seen).collect(Collectors.joining("; ")));
  }

  /** What looked at the JVMs of all runs. */
  List<Observer> observers() {
    return observers;
  }

  private boolean hasErrorFile() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith("hs_err"));
    }
  }

  private void delete() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  // ---- beside it -----------------------------------------------------------------------------

  /** What goes on beside a program until it ends. */
  private List<FutureTask<?>> lookAt(Process process, boolean jcmd) {
    List<FutureTask<?>> tasks = new ArrayList<>();
    for (Observer observer : observers) {
      tasks.add(
          new FutureTask<>(
              () -> {
                watch(observer, process);
                return observer;
              }));
    }
    if (jcmd && observers.isEmpty() && jdk.isOwn()) {
      tasks.add(new FutureTask<>(() -> callJcmd(process)));
    }
    for (FutureTask<?> task : tasks) {
      Thread.ofPlatform().daemon().start(task);
    }
    return tasks;
  }

  /** An observer that fails may leave the JVM stopped: then it hangs, and this is why. */
  private void watch(Observer observer, Process process) throws Exception {
    try {
      observer.watch(process, folder);
    } catch (InterruptedException e) {
      // the JVM hangs
    } catch (Exception e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      Files.writeString(folder.resolve("observer.txt"), trace.toString());
      throw e;
    }
  }

  private long callJcmd(Process process) throws InterruptedException {
    String command = BIN.resolve("jcmd").toString();
    long looks = 0;
    String pid = Long.toString(process.pid());
    while (Files.isExecutable(Path.of(command)) && process.isAlive()) {
      for (String what : List.of("Thread.print -l", "GC.class_histogram")) {
        if (call(folder.resolve("jcmd.txt"), List.of(command, pid, what)) == 0) {
          looks++;
        }
      }
    }
    return looks;
  }

  private void keepBacktraces(Process process) throws Exception {
    String pid = Long.toString(process.pid());
    call(
        folder.resolve("gdb.txt"),
        List.of("gdb", "-p", pid, "-batch", "-ex", "thread apply all bt"));
    call(folder.resolve("jstack.txt"), List.of(BIN.resolve("jstack").toString(), pid));
    // Where neither is here, the JVM itself may still print its threads.
    call(folder.resolve("kill.txt"), List.of("kill", "-QUIT", pid));
    process.waitFor(5, TimeUnit.SECONDS);
  }

  /** Runs a tool to its end, or to its time limit; -1 if there is none, or it took too long. */
  private static int call(Path output, List<String> command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (process.waitFor(LOOK_SECONDS / 2, TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      process.destroyForcibly().waitFor();
      return -1;
    } catch (IOException e) {
      return -1;
    }
  }
}
