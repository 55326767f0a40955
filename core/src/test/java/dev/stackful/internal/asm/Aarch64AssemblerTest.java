package dev.stackful.internal.asm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.internal.asm.Aarch64Assembler.Reg;
import dev.stackful.internal.asm.Aarch64Assembler.VReg;
import dev.stackful.internal.asm.InstructionTable.Call;
import dev.stackful.testing.Objdump;
import dev.stackful.testing.Objdump.Isa;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

class Aarch64AssemblerTest {
  /** Where the number 31 is the zero register. */
  private static final List<Reg> ZEROS = allBut(Reg.SP);

  /** Where it is the stack pointer. */
  private static final List<Reg> STACKS = allBut(Reg.XZR);

  private static final List<Reg> BASES = List.of(Reg.X0, Reg.X9, Reg.X17, Reg.X29, Reg.SP);

  private static final List<Reg> HIGH_BASES = List.of(Reg.X16, Reg.X19, Reg.X29, Reg.X30);

  /** A pair is loaded into two registers, so its halves come from two lists. */
  private static final List<Reg> LOW = ZEROS.subList(0, 16);

  private static final List<Reg> HIGH = ZEROS.subList(16, ZEROS.size());
  private static final List<Reg> ENDS = List.of(Reg.X0, Reg.X15, Reg.X16, Reg.X30, Reg.XZR);
  private static final List<VReg> VECTORS = List.of(VReg.values());
  private static final List<VReg> LOW_VECTORS = VECTORS.subList(0, 16);
  private static final List<VReg> HIGH_VECTORS = VECTORS.subList(16, 32);

  private static final List<Integer> PAIR_OFFSETS = List.of(0, 8, 128, 504, -8, -176, -512);
  private static final List<Integer> OFFSETS64 = List.of(0, 8, 128, 248, 256, 4096, 32760);
  private static final List<Integer> OFFSETS32 = List.of(0, 4, 8, 128, 256, 4096, 16380);
  private static final List<Integer> IMMEDIATES =
      List.of(0, 1, 8, 127, 128, 4095, 4096, 8192, 0x7ff000, 0xfff000);
  private static final List<Integer> DISTANCES =
      List.of(0, 1, 2, 3, 4, 65532, (1 << 20) - 1, -1, -4, -(1 << 20));
  private static final List<Long> CONSTANTS =
      List.of(
          0L,
          1L,
          0xffffL,
          0x10000L,
          0xffff0000L,
          0xffffffffL,
          0x12345678L,
          0x123400005678L,
          0x1234000000000000L,
          0x0123456789abcdefL,
          0xffff0000ffff0000L,
          0x0000ffff0000ffffL,
          -1L,
          -2L,
          -0x10000L,
          -0x10001L,
          0xffff1234ffff5678L,
          0xffffffff00000000L,
          0xffff_ffff_ffff_0000L,
          0x0000_ffff_ffff_ffffL,
          0x1234_ffff_ffff_ffffL,
          Long.MIN_VALUE,
          Long.MAX_VALUE);
  private static final List<Integer> CODES = List.of(0, 1, 0x3e8, 0xffff);

  private final Aarch64Assembler asm = new Aarch64Assembler("test");

  /** Every method and what to try it with; the labels are one before and one behind the code. */
  private static InstructionTable table(List<Label> labels) {
    return new InstructionTable(Aarch64Assembler.class)
        .row("stp(Reg,Reg,Reg,int)", LOW, List.of(Reg.X30), BASES, PAIR_OFFSETS)
        .row("stp(Reg,Reg,Reg,int)", LOW, HIGH, List.of(Reg.SP), List.of(16))
        .row("stp(Reg,Reg,Reg,int)", HIGH, List.of(Reg.X1), STACKS, List.of(16))
        .row("stp(Reg,Reg,Reg,int)", List.of(Reg.XZR), List.of(Reg.XZR), BASES, List.of(16))
        .row("ldp(Reg,Reg,Reg,int)", LOW, List.of(Reg.X30), BASES, PAIR_OFFSETS)
        .row("ldp(Reg,Reg,Reg,int)", LOW, HIGH, List.of(Reg.SP), List.of(16))
        .row("ldp(Reg,Reg,Reg,int)", HIGH, List.of(Reg.X1), STACKS, List.of(16))
        .row("stpPre(Reg,Reg,Reg,int)", LOW, HIGH, List.of(Reg.SP), PAIR_OFFSETS)
        .row(
            "stpPre(Reg,Reg,Reg,int)", LOW.subList(0, 8), LOW.subList(0, 8), HIGH_BASES, List.of(8))
        .row("ldpPost(Reg,Reg,Reg,int)", LOW, HIGH, List.of(Reg.SP), PAIR_OFFSETS)
        .row(
            "ldpPost(Reg,Reg,Reg,int)",
            LOW.subList(0, 8),
            LOW.subList(8, 16),
            HIGH_BASES,
            List.of(8))
        .row("stp(VReg,VReg,Reg,int)", LOW_VECTORS, List.of(VReg.D31), BASES, PAIR_OFFSETS)
        .row("stp(VReg,VReg,Reg,int)", LOW_VECTORS, HIGH_VECTORS, List.of(Reg.SP), List.of(16))
        .row("stp(VReg,VReg,Reg,int)", HIGH_VECTORS, List.of(VReg.D8), STACKS, List.of(16))
        .row("ldp(VReg,VReg,Reg,int)", LOW_VECTORS, List.of(VReg.D31), BASES, PAIR_OFFSETS)
        .row("ldp(VReg,VReg,Reg,int)", LOW_VECTORS, HIGH_VECTORS, List.of(Reg.SP), List.of(16))
        .row("ldp(VReg,VReg,Reg,int)", HIGH_VECTORS, List.of(VReg.D8), STACKS, List.of(16))
        .row("str(Reg,Reg,int)", ZEROS, BASES, OFFSETS64)
        .row("str(Reg,Reg,int)", ZEROS, STACKS, List.of(8))
        .row("ldr(Reg,Reg,int)", ZEROS, BASES, OFFSETS64)
        .row("ldr(Reg,Reg,int)", ZEROS, STACKS, List.of(8))
        .row("str32(Reg,Reg,int)", ZEROS, BASES, OFFSETS32)
        .row("str32(Reg,Reg,int)", ZEROS, STACKS, List.of(8))
        .row("ldr32(Reg,Reg,int)", ZEROS, BASES, OFFSETS32)
        .row("ldr32(Reg,Reg,int)", ZEROS, STACKS, List.of(8))
        .row("str(VReg,Reg,int)", VECTORS, BASES, OFFSETS64)
        .row("str(VReg,Reg,int)", VECTORS, STACKS, List.of(8))
        .row("ldr(VReg,Reg,int)", VECTORS, BASES, OFFSETS64)
        .row("ldr(VReg,Reg,int)", VECTORS, STACKS, List.of(8))
        .row("prfm(Reg,int)", BASES, OFFSETS64)
        .row("prfm(Reg,int)", STACKS, List.of(8))
        .row("ldar32(Reg,Reg)", ZEROS, STACKS)
        .row("stlr32(Reg,Reg)", ZEROS, STACKS)
        .row("mov(Reg,Reg)", ZEROS, ZEROS)
        .row("mov(Reg,Reg)", STACKS, List.of(Reg.SP))
        .row("mov(Reg,Reg)", List.of(Reg.SP), STACKS)
        .row("mov(Reg,long)", ZEROS, CONSTANTS)
        .row("fmov(VReg,Reg)", VECTORS, ZEROS)
        .row("fmov(Reg,VReg)", ZEROS, VECTORS)
        .row("add(Reg,Reg,int)", STACKS, BASES, IMMEDIATES)
        .row("add(Reg,Reg,int)", BASES, STACKS, IMMEDIATES)
        .row("add(Reg,Reg,Reg)", ZEROS, ENDS, ENDS)
        .row("add(Reg,Reg,Reg)", ENDS, ZEROS, ENDS)
        .row("add(Reg,Reg,Reg)", ENDS, ENDS, ZEROS)
        .row("ubfiz(Reg,Reg,int,int)", ZEROS, ENDS, List.of(1, 6, 31), List.of(1, 6, 31))
        .row("ubfiz(Reg,Reg,int,int)", ENDS, ZEROS, List.of(6), List.of(6))
        .row("sub(Reg,Reg,int)", STACKS, BASES, IMMEDIATES)
        .row("sub(Reg,Reg,int)", BASES, STACKS, IMMEDIATES)
        .row("eor(Reg,Reg,Reg)", ZEROS, ENDS, ENDS)
        .row("eor(Reg,Reg,Reg)", ENDS, ZEROS, ENDS)
        .row("eor(Reg,Reg,Reg)", ENDS, ENDS, ZEROS)
        .row("cmp(Reg,Reg)", ZEROS, ZEROS)
        .row("cmp(Reg,int)", STACKS, IMMEDIATES)
        .row("mrsTpidr(Reg)", ZEROS)
        .row("msrTpidr(Reg)", ZEROS)
        .row("mrsFpcr(Reg)", ZEROS)
        .row("msrFpcr(Reg)", ZEROS)
        .row("b(Label)", labels)
        .row("beq(Label)", labels)
        .row("bne(Label)", labels)
        .row("bhi(Label)", labels)
        .row("blo(Label)", labels)
        .row("adr(Reg,int)", ZEROS, DISTANCES)
        .row("cbz(Reg,Label)", ZEROS, labels)
        .row("cbz32(Reg,Label)", ZEROS, labels)
        .row("cbnz(Reg,Label)", ZEROS, labels)
        .row("cbnz32(Reg,Label)", ZEROS, labels)
        .row("bl(Label)", labels)
        .row("blr(Reg)", ZEROS)
        .row("br(Reg)", ZEROS)
        .row("ret()")
        .row("btiC()")
        .row("svc()")
        .row("brk(int)", CODES)
        .row("udf(int)", CODES);
  }

  @Test
  void objdumpReadsEveryInstructionAsListed() {
    emitTable();
    Objdump.assertAgrees(Isa.AARCH64, asm.finish());
  }

  /** Objdump ties the text to the bytes; this ties it to the method and its arguments. */
  @Test
  void everyMethodEmitsTheInstructionThatItNames() {
    List<Call> calls = emitTable();
    for (Line line : asm.finish().lines()) {
      if (!line.comment().isEmpty()) {
        Call call = calls.get(Integer.parseInt(line.comment()));
        if (call.operation().equals("adr")) {
          long target = (long) line.offset() + call.argument(1, Integer.class);
          String register = call.argument(0, Reg.class).name(true);
          assertEquals("adr %s, 0x%x".formatted(register, target), line.text());
        } else if (!isConstant(call)) {
          assertEquals(expectedText(call), line.text(), call::toString);
        }
      }
    }
  }

  @Test
  void aConstantIsWhatItsInstructionsMakeTogether() {
    for (long value : CONSTANTS) {
      assertEquals(value, made("x5", to -> to.mov(Reg.X5, value)));
    }
  }

  @Test
  void everyInstructionMethodIsInTheTable() {
    assertEquals(Set.of(), table(List.of()).missing());
  }

  @Test
  void noInstructionCanNameX18() {
    assertFalse(Arrays.stream(Reg.values()).anyMatch(register -> register.name().equals("X18")));
    emitTable();
    Objdump.disassemble(Isa.AARCH64, asm.finish().bytes())
        .forEach(
            instruction ->
                assertFalse(
                    instruction.text().matches(".*\\b[xw]18\\b.*"), instruction.toString()));
  }

  @Test
  void paddingIsListed() {
    asm.routine("first");
    asm.ret();
    asm.routine("second");
    asm.ret();
    Objdump.assertAgrees(Isa.AARCH64, asm.finish());
  }

  @Test
  void objdumpFindsAWrongByte() {
    asm.mov(Reg.X0, Reg.X1);
    Listing right = asm.finish();
    byte[] bytes = right.bytes();
    bytes[0] ^= 2; // another register
    List<Byte> changed = List.of(bytes[0], bytes[1], bytes[2], bytes[3]);
    Listing wrong =
        new Listing("wrong", List.of(new Line(0, changed, "mov x0, x1", "")), bytes, Map.of());

    Objdump.assertAgrees(Isa.AARCH64, right);
    AssertionFailedError error =
        assertThrows(AssertionFailedError.class, () -> Objdump.assertAgrees(Isa.AARCH64, wrong));
    assertTrue(error.getMessage().contains("objdump: 0x0  mov x2, x1"), error.getMessage());
  }

  @Test
  void aConstantTakesAsManyInstructionsAsItNeeds() {
    asm.mov(Reg.X0, 0, "one");
    asm.mov(Reg.X0, -1, "one");
    asm.mov(Reg.X0, 0x12345678, "two");
    asm.mov(Reg.X0, 0xffff1234ffff5678L, "two");
    asm.mov(Reg.X0, 0x0123456789abcdefL, "four");
    assertEquals(
        List.of("one", "one", "two", "", "two", "", "four", "", "", ""),
        asm.finish().lines().stream().map(Line::comment).toList());
  }

  @Test
  void anImmediateOrOffsetWithoutAnEncodingIsRefusedByName() {
    refused("ubfiz x0, x1, #6, #58", () -> asm.ubfiz(Reg.X0, Reg.X1, 6, 58));
    refused("stp x0, x1, [sp, #12]", () -> asm.stp(Reg.X0, Reg.X1, Reg.SP, 12));
    refused("stp x0, x1, [sp, #512]!", () -> asm.stpPre(Reg.X0, Reg.X1, Reg.SP, 512));
    refused("ldp x0, x1, [sp], #-520", () -> asm.ldpPost(Reg.X0, Reg.X1, Reg.SP, -520));
    refused("ldp d0, d1, [sp, #4]", () -> asm.ldp(VReg.D0, VReg.D1, Reg.SP, 4));
    refused("ldr x0, [x1, #4]", () -> asm.ldr(Reg.X0, Reg.X1, 4));
    refused("ldr x0, [x1, #-8]", () -> asm.ldr(Reg.X0, Reg.X1, -8));
    refused("str x0, [x1, #32768]", () -> asm.str(Reg.X0, Reg.X1, 32768));
    refused("ldr w0, [x1, #2]", () -> asm.ldr32(Reg.X0, Reg.X1, 2));
    refused("str w0, [x1, #16384]", () -> asm.str32(Reg.X0, Reg.X1, 16384));
    refused("ldr d0, [x1, #4]", () -> asm.ldr(VReg.D0, Reg.X1, 4));
    refused("add x0, x1, #0x1001", () -> asm.add(Reg.X0, Reg.X1, 4097));
    for (int bit = 0; bit < 12; bit++) {
      int value = 0x1000 | 1 << bit;
      refused("sub x0, x1, #0x%x".formatted(value), () -> asm.sub(Reg.X0, Reg.X1, value));
    }
    refused("sub sp, sp, #0x1000, lsl #12", () -> asm.sub(Reg.SP, Reg.SP, 1 << 24));
    refused("cmp x0, #0xffffffff", () -> asm.cmp(Reg.X0, -1));
    refused("adr x0, 0x100000", () -> asm.adr(Reg.X0, 1 << 20));
    refused("brk #0x10000", () -> asm.brk(0x10000));
    refused("udf #-1", () -> asm.udf(-1));
    assertEquals(0, asm.finish().bytes().length);
  }

  @Test
  void spAndXzrAreRefusedWhereTheNumber31IsTheOther() {
    refused("stp sp, x1, [x2]", () -> asm.stp(Reg.SP, Reg.X1, Reg.X2, 0));
    refused("stp x0, sp, [x2]", () -> asm.stp(Reg.X0, Reg.SP, Reg.X2, 0));
    refused("stp x0, x1, [xzr]", () -> asm.stp(Reg.X0, Reg.X1, Reg.XZR, 0));
    refused("ldr sp, [x0]", () -> asm.ldr(Reg.SP, Reg.X0, 0));
    refused("ldr x0, [xzr]", () -> asm.ldr(Reg.X0, Reg.XZR, 0));
    refused("str wsp, [x0]", () -> asm.str32(Reg.SP, Reg.X0, 0));
    refused("ldar w0, [xzr]", () -> asm.ldar32(Reg.X0, Reg.XZR));
    refused("mov sp, xzr", () -> asm.mov(Reg.SP, Reg.XZR));
    refused("mov sp, #0x1", () -> asm.mov(Reg.SP, 1));
    refused("add x0, xzr, #0x1", () -> asm.add(Reg.X0, Reg.XZR, 1));
    refused("cmp sp, x0", () -> asm.cmp(Reg.SP, Reg.X0));
    refused("mrs sp, tpidr_el0", () -> asm.mrsTpidr(Reg.SP));
    refused("fmov d0, sp", () -> asm.fmov(VReg.D0, Reg.SP));
    refused("br sp", () -> asm.br(Reg.SP));
    Label label = asm.label("there");
    refused("cbz sp, there", () -> asm.cbz(Reg.SP, label));
  }

  @Test
  void whatTheManualLeavesUnpredictableIsRefused() {
    refused("ldp x0, x0, [sp]", () -> asm.ldp(Reg.X0, Reg.X0, Reg.SP, 0));
    refused("ldp d0, d0, [sp]", () -> asm.ldp(VReg.D0, VReg.D0, Reg.SP, 0));
    refused("stp x0, x1, [x0, #16]!", () -> asm.stpPre(Reg.X0, Reg.X1, Reg.X0, 16));
    refused("ldp x0, x1, [x1], #16", () -> asm.ldpPost(Reg.X0, Reg.X1, Reg.X1, 16));
  }

  @Test
  void aBranchThatCannotReachIsRefused() {
    Label far = asm.label("far");
    asm.cbz(Reg.X0, far);
    for (int i = 0; i < 1 << 18; i++) {
      asm.brk(0);
    }
    asm.bind(far);
    String message = assertThrows(IllegalStateException.class, asm::finish).getMessage();
    assertEquals("the branch at 0x0 does not reach far at 0x100004", message);
  }

  private List<Call> emitTable() {
    Label before = asm.label("before");
    Label behind = asm.label("behind");
    asm.bind(before);
    List<Call> calls = table(List.of(before, behind)).emit(asm);
    asm.bind(behind);
    asm.ret();
    return calls;
  }

  private static boolean isConstant(Call call) {
    return call.operation().equals("mov") && !(call.arguments().get(1) instanceof Reg);
  }

  private static String expectedText(Call call) {
    List<Object> arguments = call.arguments();
    String operation = call.operation();
    String address = "";
    if (operation.matches("(ld|st|prfm).*")) {
      int base = arguments.size() - (arguments.getLast() instanceof Integer ? 2 : 1);
      int offset = base + 1 < arguments.size() ? call.argument(base + 1, Integer.class) : 0;
      String start = ", [" + call.argument(base, Reg.class).name(true);
      address =
          switch (operation) {
            case "stpPre" -> start + ", #" + offset + "]!";
            case "ldpPost" -> start + "], #" + offset;
            default -> start + (offset == 0 ? "]" : ", #" + offset + "]");
          };
      arguments = arguments.subList(0, base);
    } else if (operation.equals("add")
        && arguments.contains(Reg.SP)
        && arguments.get(2).equals(0)) {
      operation = "mov";
      arguments = arguments.subList(0, 2);
    }
    String mnemonic =
        switch (operation) {
          case "stpPre" -> "stp";
          case "prfm" -> "prfm pldl1keep";
          case "ldpPost" -> "ldp";
          case "beq" -> "b.eq";
          case "bne" -> "b.ne";
          case "bhi" -> "b.hi";
          case "blo" -> "b.cc";
          case "btiC" -> "bti c";
          case "svc" -> "svc #0x0";
          case "mrsTpidr", "mrsFpcr" -> "mrs";
          case "msrTpidr" -> "msr tpidr_el0,";
          case "msrFpcr" -> "msr fpcr,";
          default -> operation;
        };
    String behind =
        switch (operation) {
          case "mrsTpidr" -> ", tpidr_el0";
          case "mrsFpcr" -> ", fpcr";
          default -> address;
        };
    String operands =
        arguments.stream()
            .map(argument -> expectedOperand(call, argument))
            .collect(Collectors.joining(", "));
    return (mnemonic + " " + operands).strip() + behind;
  }

  private static String expectedOperand(Call call, Object argument) {
    return switch (argument) {
      case Reg register -> register.name(!call.isNarrow());
      case VReg register -> register.name().toLowerCase(Locale.ROOT);
      case Integer code when call.operation().matches("udf|ubfiz") -> "#" + code;
      case Integer value when value > 4095 && !call.operation().equals("brk") ->
          "#0x%x, lsl #12".formatted(value >> 12);
      case Integer value -> "#0x%x".formatted(value);
      default -> argument.toString();
    };
  }

  /** Runs the text of a mov and the movks behind it. */
  private static long made(String register, Consumer<Aarch64Assembler> constant) {
    Aarch64Assembler assembler = new Aarch64Assembler("a constant");
    constant.accept(assembler);
    Pattern move =
        Pattern.compile(
            "mov(?<keep>k?) " + register + ", #0x(?<bits>\\p{XDigit}+)(, lsl #(?<place>\\d+))?");
    long made = 0;
    for (Line line : assembler.finish().lines()) {
      Matcher matcher = move.matcher(line.text());
      assertTrue(matcher.matches(), line.text());
      long bits = Long.parseUnsignedLong(matcher.group("bits"), 16);
      if (matcher.group("keep").isEmpty()) {
        made = bits;
      } else {
        int place = Integer.parseInt(matcher.group("place"));
        made = made & ~(0xffffL << place) | bits << place;
      }
    }
    return made;
  }

  private static List<Reg> allBut(Reg other) {
    return Stream.of(Reg.values()).filter(register -> register != other).toList();
  }

  private static void refused(String text, Runnable emit) {
    String message = assertThrows(IllegalArgumentException.class, emit::run).getMessage();
    assertTrue(message.startsWith(text + ": "), message);
  }
}
