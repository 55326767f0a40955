import org.jspecify.annotations.NullMarked;

/** Small programs to copy from. Each has a test that runs it. */
@NullMarked
module dev.stackful.examples {
  requires dev.stackful;
  requires java.net.http;
  requires java.sql;
  requires java.xml;
  requires org.apache.commons.csv;
  requires static org.jspecify;
  requires tools.jackson.core;
}
