package dev.stackful.examples;

import java.nio.file.Files;
import java.nio.file.Path;

/** The repository's files. */
public final class Documents {
  private Documents() {}

  /** A file by its path in the repository. */
  public static Path file(String name) {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("stackful")) && Files.exists(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    throw new AssertionError("no " + name + " above " + Path.of("").toAbsolutePath());
  }
}
