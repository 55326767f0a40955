package dev.stackful.examples.snippets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stackful.examples.Documents;
import dev.stackful.examples.snippets.Choosing.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The page that compares shows code that does what it says. */
class ChoosingTest {
  private static final String PAGE = "docs/choosing.md";
  private static final Node TREE =
      new Node(new Node(null, 1, new Node(null, 2, null)), 3, new Node(null, 4, null));
  private static final List<Integer> VALUES = List.of(1, 2, 3, 4);

  @TestFactory
  Stream<DynamicTest> everyBlockOfCodeIsPartOfAFile() throws IOException {
    return Documents.blocksOfCode(PAGE);
  }

  @Test
  void everyFileThatItLinksToExists() throws IOException {
    Documents.checkLinks(PAGE);
  }

  @Test
  void everyWayGivesTheValuesInOrder() throws Exception {
    assertEquals(VALUES, Choosing.byGenerator(TREE).stream().toList());
    assertEquals(VALUES, Choosing.takeAll(Choosing.byThread(TREE)));
    List<Integer> byHand = new ArrayList<>();
    Iterator<Integer> iterator = Choosing.byHand(TREE);
    iterator.forEachRemaining(byHand::add);
    assertEquals(VALUES, byHand);
    assertThrows(NoSuchElementException.class, iterator::next);
  }

  @Test
  void virtualThreadsGiveAllResults() throws Exception {
    List<Callable<Integer>> calls = new ArrayList<>();
    for (Integer value : VALUES) {
      calls.add(() -> value);
    }
    assertEquals(VALUES, Choosing.all(calls));
  }
}
