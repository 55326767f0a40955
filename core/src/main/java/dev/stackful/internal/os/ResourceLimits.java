package dev.stackful.internal.os;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernel's limits on threads and mappings, which are what a coroutine on the native engine
 * costs.
 */
public final class ResourceLimits {
  private static final Path MAX_MAP_COUNT = Path.of("/proc/sys/vm/max_map_count");

  /** Where the limits of one process are, the soft one of each kind first (proc_pid_limits(5)). */
  private static final Path OWN_LIMITS = Path.of("/proc/self/limits");

  private static final Path OWN_CONTROL_GROUPS = Path.of("/proc/self/cgroup");

  private ResourceLimits() {}

  /** vm.max_map_count: the mappings that one process may have. */
  public static OptionalLong maxMapCount() {
    return read(MAX_MAP_COUNT);
  }

  /** Every limit on the number of threads that could be read here, as name = value. */
  public static List<String> describeThreadLimits() {
    List<String> limits = new ArrayList<>();
    add(limits, "vm.max_map_count", MAX_MAP_COUNT);
    add(limits, "kernel.pid_max", Path.of("/proc/sys/kernel/pid_max"));
    add(limits, "kernel.threads-max", Path.of("/proc/sys/kernel/threads-max"));
    ownControlGroups(limits);
    addOwn(limits);
    return limits;
  }

  private static void ownControlGroups(List<String> limits) {
    try {
      mostThreadsOfControlGroups(Path.of("/sys/fs/cgroup"), Files.readAllLines(OWN_CONTROL_GROUPS))
          .ifPresent(value -> limits.add("cgroup pids.max = " + value));
    } catch (IOException e) {
      // not mounted here
    }
  }

  /**
   * The least pids.max of the control groups that a process is in, as each one bounds all below it.
   * In a container the path may be the host's, where its own groups begin at the mount: what isn't
   * there is passed over (cgroups(7)).
   *
   * @param mount where control groups are mounted: those of version 2, or one folder for each
   *     controller of version 1
   * @param membership the lines of /proc/self/cgroup, as in 0::/user.slice or 8:pids:/user.slice
   */
  static OptionalLong mostThreadsOfControlGroups(Path mount, List<String> membership) {
    long least = Long.MAX_VALUE;
    for (String line : membership) {
      List<String> fields = List.of(line.split(":", 3));
      if (fields.size() < 3) {
        continue;
      }
      String controllers = fields.get(1);
      Path root;
      if (controllers.isEmpty()) {
        root = mount;
      } else if (List.of(controllers.split(",", -1)).contains("pids")) {
        root = mount.resolve("pids");
      } else {
        continue;
      }
      Path group = Path.of(root + fields.get(2)).normalize();
      while (group.startsWith(root)) {
        least = Math.min(least, read(group.resolve("pids.max")).orElse(Long.MAX_VALUE));
        group = group.getParent();
      }
    }
    return least == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(least);
  }

  private static void addOwn(List<String> limits) {
    try {
      Matcher found =
          Pattern.compile("Max processes +(\\d+|unlimited)").matcher(Files.readString(OWN_LIMITS));
      if (found.find()) {
        limits.add("ulimit -u = " + found.group(1));
      }
    } catch (IOException e) {
      // not mounted here
    }
  }

  private static void add(List<String> limits, String name, Path file) {
    read(file).ifPresent(value -> limits.add(name + " = " + value));
  }

  private static OptionalLong read(Path file) {
    // One read for all of it: files of /proc/sys are at their end after the first, however short it
    // was (kernel/sysctl.c), and Files.readString begins with a short one.
    byte[] buffer = new byte[64];
    try (FileInputStream in = new FileInputStream(file.toString())) {
      int length = Math.max(0, in.read(buffer));
      String text = new String(buffer, 0, length, StandardCharsets.US_ASCII);
      return OptionalLong.of(Long.parseLong(text.strip()));
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty(); // not mounted here, or "max"
    }
  }
}
