package dev.stackful.internal.asm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.internal.asm.Amd64Assembler.Mem;
import dev.stackful.internal.asm.Amd64Assembler.Reg;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Labels, routines and the listing: what the two assemblers share. */
class AssemblerTest {
  private final Amd64Assembler asm = new Amd64Assembler("a title");

  @Test
  void aBranchReachesALabelBehindIt() {
    Label target = asm.label("target");
    asm.jmp(target);
    asm.ret();
    asm.bind(target);
    assertCode("e9 01 00 00 00 c3");
  }

  @Test
  void aBranchReachesALabelBeforeIt() {
    Label target = asm.label("target");
    asm.bind(target);
    asm.ret();
    asm.je(target);
    assertCode("c3 0f 84 f9 ff ff ff");
  }

  @Test
  void theListingHasThePatchedBytes() {
    Label target = asm.label("target");
    asm.call(target);
    asm.bind(target);
    asm.ret();
    Line call = asm.finish().lines().getFirst();
    assertEquals("e8 00 00 00 00", call.hex());
    assertEquals("call target", call.text());
  }

  @Test
  void anAarch64BranchCountsWordsFromItself() {
    Aarch64Assembler arm = new Aarch64Assembler("a title");
    Label loop = arm.label("loop");
    Label out = arm.label("out");
    arm.bind(loop);
    arm.cbz(Aarch64Assembler.Reg.X0, out);
    arm.b(loop);
    arm.bind(out);
    arm.beq(loop);
    List<Line> lines = arm.finish().lines().stream().filter(Line::isInstruction).toList();
    assertEquals("40 00 00 b4", lines.get(0).hex());
    assertEquals("ff ff ff 17", lines.get(1).hex());
    assertEquals("c0 ff ff 54", lines.get(2).hex());
  }

  @Test
  void anUnboundLabelIsNamed() {
    asm.jmp(asm.label("nowhere"));
    assertMessage("labels never bound in a title: [nowhere]", asm::finish);
  }

  @Test
  void aLabelIsBoundOnce() {
    Label label = asm.label("here");
    asm.bind(label);
    asm.ret();
    assertMessage("label here is already bound at 0x0; bound again at 0x1", () -> asm.bind(label));
  }

  @Test
  void aNameIsTakenOnce() {
    asm.label("twice");
    assertMessage("there is already a label or routine twice", () -> asm.label("twice"));
    assertMessage("there is already a label or routine twice", () -> asm.routine("twice"));
  }

  @Test
  void aLabelOfAnotherAssemblerIsRefused() {
    Label foreign = new Amd64Assembler("another").label("foreign");
    assertThrows(IllegalArgumentException.class, () -> asm.bind(foreign));
    assertThrows(IllegalArgumentException.class, () -> asm.jmp(foreign));
  }

  @Test
  void aFinishedAssemblerTakesNoMore() {
    asm.finish();
    assertMessage("a title is finished", () -> asm.ret());
    assertMessage("a title is finished", asm::finish);
  }

  @Test
  void routinesStartOn16Bytes() {
    asm.routine("first");
    asm.ret();
    asm.routine("second");
    asm.ret();
    Listing listing = asm.finish();
    assertEquals(0, listing.offsetOf("first"));
    assertEquals(16, listing.offsetOf("second"));
    assertEquals((byte) 0xcc, listing.bytes()[15]);
  }

  @Test
  void anotherRoutineIsCalledByItsLabel() {
    Label second = asm.label("second");
    asm.routine("first");
    asm.call(second);
    asm.routine(second);
    asm.ret();
    Listing listing = asm.finish();
    assertEquals(16, listing.offsetOf("second"));
    assertEquals("e8 0b 00 00 00", listing.lines().get(1).hex());
  }

  @Test
  void anUnknownRoutineIsAnErrorThatNamesTheKnown() {
    asm.routine("known");
    asm.bind(asm.label("label"));
    Listing listing = asm.finish();
    String message =
        assertThrows(IllegalArgumentException.class, () -> listing.offsetOf("label")).getMessage();
    assertEquals("no routine label in a title, only [known]", message);
  }

  @Test
  void theLinesMakeUpTheCode() {
    asm.routine("first");
    asm.mov(Reg.RAX, 0x0123456789abcdefL);
    asm.remark("a remark");
    asm.routine("second");
    asm.ret();
    Listing listing = asm.finish();
    String joined =
        listing.lines().stream()
            .filter(Line::isInstruction)
            .map(Line::hex)
            .reduce("", (a, b) -> a + b);
    assertEquals(HexFormat.of().formatHex(listing.bytes()), joined.replace(" ", ""));
  }

  @Test
  void theBytesAreACopy() {
    asm.ret();
    Listing listing = asm.finish();
    assertNotSame(listing.bytes(), listing.bytes());
    listing.bytes()[0] = 0;
    assertArrayEquals(new byte[] {(byte) 0xc3}, listing.bytes());
  }

  @Test
  void theListingIsPrintedInColumns() {
    asm.routine("swap");
    asm.remark("save");
    asm.push(Reg.RBP, "the caller's frame pointer");
    asm.mov(Mem.at(Reg.RDI, 8), Reg.RSP);
    Label out = asm.label("out");
    asm.jmp(out, "away");
    asm.bind(out);
    asm.ret("back");
    assertEquals(
        """
        a title

        swap:
          ; save
          0000  55              push    rbp                      ; the caller's frame pointer
          0001  48 89 67 08     mov     QWORD PTR [rdi+0x8],rsp
          0005  e9 00 00 00 00  jmp     out                      ; away
        out:
          000a  c3              ret                              ; back
        """,
        asm.finish().toString());
  }

  @Test
  void anEmptyListingIsItsTitle() {
    assertEquals("a title\n", asm.finish().toString());
    assertTrue(new Amd64Assembler("").finish().lines().isEmpty());
  }

  private void assertCode(String hex) {
    assertEquals(hex, HexFormat.ofDelimiter(" ").formatHex(asm.finish().bytes()));
  }

  private static void assertMessage(String message, Runnable action) {
    assertEquals(message, assertThrows(IllegalStateException.class, action::run).getMessage());
  }
}
