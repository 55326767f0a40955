package dev.stackful.real;

import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.ForwardingJavaFileObject;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The compiler, on this library's own sources: at each of its events, and each file it reads. */
final class Javac implements Program {
  private final Path root;

  Javac(Path root) {
    this.root = root;
  }

  @Override
  public String run() throws IOException {
    List<Path> sources;
    try (Stream<Path> files = Files.walk(root.resolve("core/src/main/java"))) {
      sources = files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
    String annotations =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> entry.contains("jspecify"))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("jspecify is not on the class path"));

    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    try (StandardJavaFileManager standard = compiler.getStandardFileManager(null, null, null)) {
      List<JavaFileObject> units = new ArrayList<>();
      standard.getJavaFileObjectsFromPaths(sources).forEach(unit -> units.add(new Source(unit)));
      InMemory files = new InMemory(standard);
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  diagnostics,
                  List.of("--module-path", annotations, "-Xlint:all", "-proc:none"),
                  null,
                  units);
      task.setTaskListener(
          new TaskListener() {
            @Override
            public void started(TaskEvent event) {
              Pause.here();
            }

            @Override
            public void finished(TaskEvent event) {
              Pause.here();
            }
          });
      boolean compiled = task.call();
      Digest digest = new Digest();
      files.classes.forEach(
          (name, bytes) -> {
            digest.add(name);
            digest.add(bytes.toByteArray());
          });
      diagnostics.getDiagnostics().forEach(said -> digest.add(said.getMessage(Locale.ROOT)));
      return (compiled ? "compiled " : "refused ")
          + sources.size()
          + " files into "
          + files.classes.size()
          + " classes, "
          + digest.text();
    }
  }

  private static final class Source extends ForwardingJavaFileObject<JavaFileObject> {
    Source(JavaFileObject file) {
      super(file);
    }

    JavaFileObject file() {
      return fileObject;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) throws IOException {
      Pause.here();
      return super.getCharContent(ignoreEncodingErrors);
    }
  }

  private static final class InMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {
    final Map<String, ByteArrayOutputStream> classes = Collections.synchronizedMap(new TreeMap<>());

    InMemory(StandardJavaFileManager files) {
      super(files);
    }

    @Override
    public boolean contains(Location location, FileObject file) throws IOException {
      return super.contains(location, file instanceof Source source ? source.file() : file);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, @Nullable FileObject sibling) {
      return new SimpleJavaFileObject(
          URI.create("memory:///" + name.replace('.', '/') + kind.extension), kind) {
        @Override
        public OutputStream openOutputStream() {
          Pause.here();
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          classes.put(name, bytes);
          return bytes;
        }
      };
    }
  }
}
