package dev.stackful.observers;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** A Java agent that redefines the library's classes and the bodies' in a loop. */
public final class Redefinitions implements Observer {
  private long rounds;
  private long classes;

  @Override
  public List<String> flags(Path folder) throws IOException {
    return List.of(agent(folder, RedefinitionAgent.class) + "=" + folder);
  }

  /** The flag for an agent whose classes are on the class path: only its jar is made. */
  static String agent(Path folder, Class<?> agent) throws IOException {
    Path jar = folder.resolve("agent.jar");
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Premain-Class", agent.getName());
    attributes.putValue("Can-Retransform-Classes", "true");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream _ = new JarOutputStream(out, manifest)) {
      return "-javaagent:" + jar;
    }
  }

  @Override
  public void collect(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().startsWith("redefined")).toList()) {
        String[] numbers = Files.readString(file, StandardCharsets.US_ASCII).strip().split(" ");
        if (numbers.length == 2) { // the JVM may have ended while it wrote
          rounds += Long.parseLong(numbers[0]);
          classes += Long.parseLong(numbers[1]);
        }
        Files.delete(file);
      }
    }
  }

  @Override
  public String seen() {
    return String.format(Locale.ROOT, "%,d classes redefined in %,d rounds", classes, rounds);
  }

  @Override
  public boolean hasSeen() {
    return rounds > 0;
  }
}
