package dev.stackful.internal.asm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What both assemblers share: a little-endian buffer, the lines of the listing, and labels.
 *
 * <p>An instruction method emits the bytes of one instruction and ends it with {@link #line}, which
 * takes all that was emitted since the line before. So no byte is without a line, and none has two.
 *
 * <p>An assembler belongs to one thread and makes one {@link Listing}.
 */
public abstract sealed class Assembler permits Amd64Assembler, Aarch64Assembler {
  private static final int ROUTINE_ALIGNMENT = 16;

  private final String title;
  private final List<Draft> drafts = new ArrayList<>();
  private final Map<String, Label> labels = new LinkedHashMap<>();
  private final Map<String, Integer> routines = new LinkedHashMap<>();
  private final List<Reference> references = new ArrayList<>();
  private byte[] code = new byte[256];
  private int size;
  private int lineStart;
  private boolean finished;

  /** A line whose bytes may still be patched. */
  private record Draft(int start, int end, String text, String comment) {}

  /** A branch to a label: {@code at} is the place that {@link #patch} understands. */
  private record Reference(int at, Label target) {}

  Assembler(String title) {
    this.title = title;
  }

  /** Emits one instruction that traps, to fill the space between routines. */
  abstract void pad();

  /** Writes the distance to {@code target} into the branch at {@code at}. */
  abstract void patch(int at, Label target);

  /**
   * Starts a routine: a named entry point on a 16-byte boundary, where the processor fetches best.
   *
   * @throws IllegalStateException if the name is taken by a routine or a label
   */
  public final void routine(String name) {
    routine(label(name));
  }

  /** Starts a routine that other routines branch to by the given label. */
  public final void routine(Label entry) {
    while (size % ROUTINE_ALIGNMENT != 0) {
      pad();
    }
    bind(entry);
    routines.put(entry.name(), size);
  }

  /** Puts a comment on a line of its own. */
  public final void remark(String text) {
    line("", text);
  }

  /**
   * Makes a label, to be bound once. Names are unique in a listing, so that a reader of a branch
   * finds one target.
   *
   * @throws IllegalStateException if the name is taken by a routine or a label
   */
  public final Label label(String name) {
    Label label = new Label(name);
    if (labels.putIfAbsent(name, label) != null) {
      throw new IllegalStateException("there is already a label or routine " + name);
    }
    return label;
  }

  /**
   * Gives a label the current place.
   *
   * @throws IllegalStateException if it is bound already
   * @throws IllegalArgumentException if another assembler made it
   */
  public final void bind(Label label) {
    requireOwn(label);
    label.bindTo(size);
    line(label.name() + ":");
  }

  /**
   * Patches every branch and returns the code. The assembler can then do no more.
   *
   * @throws IllegalStateException if a label was not bound, or a branch does not reach its label
   */
  public final Listing finish() {
    requireUnfinished();
    List<String> unbound = new ArrayList<>();
    for (Label label : labels.values()) {
      if (!label.isBound()) {
        unbound.add(label.name());
      }
    }
    if (!unbound.isEmpty()) {
      throw new IllegalStateException("labels never bound in " + title + ": " + unbound);
    }
    for (Reference reference : references) {
      patch(reference.at(), reference.target());
    }
    finished = true;
    List<Line> lines = new ArrayList<>();
    for (Draft draft : drafts) {
      List<Byte> bytes = new ArrayList<>();
      for (int at = draft.start(); at < draft.end(); at++) {
        bytes.add(code[at]);
      }
      lines.add(new Line(draft.start(), bytes, draft.text(), draft.comment()));
    }
    return new Listing(title, lines, Arrays.copyOf(code, size), routines);
  }

  /**
   * Ends a line of the listing: {@code text} is the instruction emitted since the last line, {@code
   * why} the reason for it, in no part or several.
   */
  final void line(String text, String... why) {
    requireUnfinished();
    drafts.add(new Draft(lineStart, size, text, String.join(" ", why)));
    lineStart = size;
  }

  /** Notes that the branch at {@code at} is to reach {@code target}. */
  final void reference(int at, Label target) {
    requireOwn(target);
    references.add(new Reference(at, target));
  }

  /** The number of bytes emitted: the offset of the next one. */
  final int size() {
    return size;
  }

  final void emit8(int value) {
    if (size == code.length) {
      code = Arrays.copyOf(code, 2 * size);
    }
    code[size++] = (byte) value;
  }

  final void emit32(int value) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      emit8(value >>> shift);
    }
  }

  final void emit64(long value) {
    emit32((int) value);
    emit32((int) (value >>> Integer.SIZE));
  }

  final int read32(int at) {
    int value = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      value |= (code[at + i] & 0xff) << (i * Byte.SIZE);
    }
    return value;
  }

  final void write32(int at, int value) {
    for (int i = 0; i < Integer.BYTES; i++) {
      code[at + i] = (byte) (value >>> (i * Byte.SIZE));
    }
  }

  /** Refuses an operand that the instruction cannot encode. */
  static void require(boolean encodable, String text, String rule) {
    if (!encodable) {
      throw new IllegalArgumentException(text + ": " + rule);
    }
  }

  private void requireOwn(Label label) {
    if (labels.get(label.name()) != label) {
      throw new IllegalArgumentException("label " + label + " is another assembler's");
    }
  }

  private void requireUnfinished() {
    if (finished) {
      throw new IllegalStateException(title + " is finished");
    }
  }
}
