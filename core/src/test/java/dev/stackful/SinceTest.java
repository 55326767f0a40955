package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A reader of the Javadoc learns of each type in which version it came. */
final class SinceTest {
  /** A type, package or module with its comment; what is nested has its outer type's version. */
  private static final Pattern DECLARATION =
      Pattern.compile(
          "^/\\*\\*((?:(?!\\*/).)*)\\*/\\s+(?:@\\S+\\s+)*"
              + "((?:public [^{;=]*?\\b(?:class|interface|enum|record)|package|module) [\\w.]+)",
          Pattern.MULTILINE | Pattern.DOTALL);

  private static final Pattern SINCE =
      Pattern.compile("^ \\* @since \\d+\\.\\d+\\.\\d+$", Pattern.MULTILINE);

  @Test
  void isSaidOfEachPublicTypeAndPackageAndOfTheModule() throws Exception {
    Path sources = sources();
    List<String> found = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (Path file : exportedFiles(sources)) {
      String text = Files.readString(file);
      Matcher declaration = DECLARATION.matcher(text);
      if (declaration.find()) {
        found.add(declaration.group(2));
        if (!SINCE.matcher(declaration.group(1)).find()) {
          missing.add(declaration.group(2));
        }
      } else if (text.contains("\npublic ")) {
        missing.add(file + ": no comment found");
      }
    }
    assertEquals(List.of(), missing);
    for (String name : List.of("module dev.stackful", "package dev.stackful.io")) {
      assertTrue(found.contains(name), () -> name + " is not among " + found);
    }
  }

  private static List<Path> exportedFiles(Path sources) throws Exception {
    List<Path> files = new ArrayList<>(List.of(sources.resolve("module-info.java")));
    for (String name :
        ModuleTest.descriptor().exports().stream().map(exported -> exported.source()).toList()) {
      try (var listed = Files.list(sources.resolve(name.replace('.', '/')))) {
        listed.filter(file -> file.toString().endsWith(".java")).sorted().forEach(files::add);
      }
    }
    return files;
  }

  private static Path sources() throws URISyntaxException {
    Path folder = Path.of(Engine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    while (!Files.isRegularFile(folder.resolve("src/main/java/module-info.java"))) {
      folder = folder.getParent();
    }
    return folder.resolve("src/main/java");
  }
}
