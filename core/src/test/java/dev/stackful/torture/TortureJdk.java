package dev.stackful.torture;

import dev.stackful.testing.OwnJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JVM to run the programs on.
 *
 * @param java the command that starts it
 * @param title its processor and version
 * @param isOwn whether it is the one that runs this
 * @param slowness by how much longer it may take
 */
record TortureJdk(String java, String title, boolean isOwn, int slowness) {
  private static final int SLOWNESS_OF_EMULATION = 4;

  /** The one that runs this. */
  static TortureJdk own() {
    return new TortureJdk(
        OwnJvm.java(),
        title(System.getProperty("os.arch"), System.getProperty("java.runtime.version")),
        true,
        Integer.getInteger("stackful.test.slowness", 1));
  }

  /** Another, which is asked what it is. */
  static TortureJdk of(String java) throws IOException, InterruptedException {
    String properties;
    Process process;
    try {
      process =
          new ProcessBuilder(java, "-XshowSettings:properties", "-version")
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      throw new IllegalArgumentException("--java takes a command that starts a JVM: " + e, e);
    }
    properties = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalArgumentException(java + " does not start:\n" + properties);
    }
    String arch = property(properties, "os.arch");
    boolean emulated = !arch.equals(System.getProperty("os.arch"));
    return new TortureJdk(
        java,
        title(arch, property(properties, "java.runtime.version")) + (emulated ? ", qemu" : ""),
        false,
        emulated ? SLOWNESS_OF_EMULATION : 1);
  }

  private static String title(String arch, String version) {
    return arch.replace("amd64", "x86-64").replace("aarch64", "AArch64") + " " + version;
  }

  private static String property(String properties, String name) {
    Matcher line =
        Pattern.compile("(?m)^ *" + Pattern.quote(name) + " = (.*)$").matcher(properties);
    if (!line.find()) {
      throw new IllegalArgumentException("no " + name + " in:\n" + properties);
    }
    return line.group(1).strip();
  }
}
