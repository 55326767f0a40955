import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs google-java-format over every Java file of the folders it is given: {@code Format
 * check|write FOLDER...}. One JVM for the whole tree, and an empty tree is well formatted.
 */
final class Format {
  public static void main(String[] arguments) throws Exception {
    boolean write = arguments[0].equals("write");
    List<String> command = new ArrayList<>();
    command.addAll(write ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    int options = command.size();
    for (String folder : List.of(arguments).subList(1, arguments.length)) {
      addJavaFiles(Path.of(folder), command);
    }
    if (command.size() == options) {
      return;
    }
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    int status = new Main(out, err, System.in).format(command.toArray(String[]::new));
    out.flush();
    err.flush();
    if (status != 0 && !write) {
      System.err.println(
          "The files above are not formatted. To format the tree: ./stackful format");
    }
    System.exit(status);
  }

  private static void addJavaFiles(Path folder, List<String> files) throws IOException {
    Path sources = folder.resolve("src");
    if (Files.isDirectory(sources)) {
      try (Stream<Path> paths = Files.walk(sources)) {
        paths
            .map(Path::toString)
            .filter(name -> name.endsWith(".java"))
            .sorted()
            .forEach(files::add);
      }
    }
  }
}
