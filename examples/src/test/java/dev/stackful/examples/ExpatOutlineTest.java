package dev.stackful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stackful.examples.foreign.NeededLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpatOutlineTest {
  @BeforeAll
  static void needsExpat() {
    NeededLibrary.expat();
  }

  @Test
  void printsTheElements(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("a.xml"), "<a><b>text</b><c><d/></c></a>");
    assertEquals("a\n  b\n  c\n    d\n9 events\n", Printed.by(ExpatOutline::main, file.toString()));
  }
}
