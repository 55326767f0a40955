import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.javaflow.spi.ResourceTransformer;
import org.apache.commons.javaflow.tools.jar.RewritingUtils;

/**
 * Rewrites the class files of a folder in their place, by JavaFlow. Arguments: the folder, and a
 * class path of what they refer to.
 */
final class Weave {
  private Weave() {}

  public static void main(String[] args) throws IOException {
    List<URL> path = new ArrayList<>();
    for (String entry : args[1].split(File.pathSeparator)) {
      path.add(Path.of(entry).toUri().toURL());
    }
    ResourceTransformer weaver = RewritingUtils.createTransformer(path.toArray(URL[]::new));
    try (Stream<Path> files = Files.walk(Path.of(args[0]))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        RewritingUtils.rewriteClassFile(file.toFile(), weaver, file.toFile());
      }
    } finally {
      weaver.release();
    }
  }
}
