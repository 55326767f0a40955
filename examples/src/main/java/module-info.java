import org.jspecify.annotations.NullMarked;

/** Small programs to copy from. Each has a test that runs it. */
@NullMarked
module dev.stackful.examples {
  requires dev.stackful;
  requires java.net.http;
  requires java.xml;
  requires static org.jspecify;
}
