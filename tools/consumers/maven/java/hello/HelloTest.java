package hello;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class HelloTest {
  @Test
  void greets() throws InterruptedException {
    System.out.println("a test found the library on the " + Hello.library());
    assertEquals(List.of("hello", "dear,", "world"), Hello.words());
  }
}
