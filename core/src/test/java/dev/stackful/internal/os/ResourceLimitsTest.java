package dev.stackful.internal.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResourceLimitsTest {
  @TempDir Path mount;

  @Test
  void theLeastOfAGroupAndThoseAboveItCounts() throws IOException {
    limit("pids.max", "max");
    limit("app/pids.max", "200");
    limit("app/server/pids.max", "300");

    assertEquals(OptionalLong.of(200), limitOf("0::/app/server"));
  }

  @Test
  void theFirstVersionHasAFolderForTheController() throws IOException {
    limit("pids/app/pids.max", "100");

    assertEquals(OptionalLong.of(100), limitOf("9:memory:/other", "8:cpu,pids:/app", "0::/"));
  }

  @Test
  void inAContainerThePathMayBeTheHosts() throws IOException {
    limit("pids/pids.max", "100");

    assertEquals(OptionalLong.of(100), limitOf("8:pids:/machine/container-17"));
  }

  @Test
  void aGroupOutsideOfTheMountIsNotLookedAt() throws IOException {
    limit("pids.max", "50");

    assertEquals(OptionalLong.empty(), limitOf("0::/../other"));
    assertEquals(OptionalLong.of(50), limitOf("0::/"));
  }

  @Test
  void noLimitIsNone() throws IOException {
    limit("pids.max", "max");

    assertEquals(OptionalLong.empty(), limitOf("0::/"));
    assertEquals(OptionalLong.empty(), limitOf("7:blkio:/", "nonsense"));
  }

  private void limit(String file, String value) throws IOException {
    Path path = mount.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, value + "\n");
  }

  private OptionalLong limitOf(String... membership) {
    return ResourceLimits.mostThreadsOfControlGroups(mount, List.of(membership));
  }
}
