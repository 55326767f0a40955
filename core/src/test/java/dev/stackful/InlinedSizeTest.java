package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The methods around a switch are short enough to become part of their callers: a frame more would
 * be a return more that the processor predicts wrongly.
 */
final class InlinedSizeTest {
  /** HotSpot's {@code FreqInlineSize} on x86-64 and AArch64, in bytes of code. */
  private static final int MOST_BYTES = 325;

  @ParameterizedTest
  @ValueSource(strings = {"turn", "transfer", "yield", "transferTo", "claimTurn", "handOver"})
  void itMayBeInlined(String method) throws IOException {
    List<Integer> sizes = sizesOf(method);
    assertTrue(
        !sizes.isEmpty() && sizes.stream().allMatch(size -> size <= MOST_BYTES),
        () -> method + " has " + sizes + " bytes, of " + MOST_BYTES);
  }

  private static List<Integer> sizesOf(String method) throws IOException {
    try (InputStream bytes =
        Objects.requireNonNull(
            CoroutineCore.class.getResourceAsStream("CoroutineCore.class"), "the class file")) {
      return ClassFile.of().parse(bytes.readAllBytes()).methods().stream()
          .filter(model -> model.methodName().equalsString(method))
          .map(InlinedSizeTest::size)
          .filter(size -> size > 0)
          .toList();
    }
  }

  /** 0 where there is no code. */
  private static int size(MethodModel model) {
    return model.findAttribute(Attributes.code()).map(code -> code.codeLength()).orElse(0);
  }
}
