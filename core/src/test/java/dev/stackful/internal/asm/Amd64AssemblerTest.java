package dev.stackful.internal.asm;

import static dev.stackful.internal.asm.Amd64Assembler.Reg.RAX;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RBX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.internal.asm.Amd64Assembler.Mem;
import dev.stackful.internal.asm.Amd64Assembler.Reg;
import dev.stackful.internal.asm.InstructionTable.Call;
import dev.stackful.testing.Objdump;
import dev.stackful.testing.Objdump.Isa;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

class Amd64AssemblerTest {
  private static final List<Reg> REGISTERS = List.of(Reg.values());
  private static final List<Integer> XMMS = IntStream.range(0, 16).boxed().toList();
  private static final List<Integer> IMMEDIATES =
      List.of(
          0, 1, 8, 127, 128, 255, 256, -1, -8, -128, -129, Integer.MAX_VALUE, Integer.MIN_VALUE);
  private static final List<Integer> SHIFTS = List.of(0, 1, 6, 31, 32, 63);
  private static final List<Long> CONSTANTS =
      List.of(
          0L,
          1L,
          0x7fffffffL,
          0x80000000L,
          0xffffffffL,
          0x100000000L,
          0x0123456789abcdefL,
          -1L,
          Long.MIN_VALUE,
          Long.MAX_VALUE);
  private static final List<Mem> MEMORY =
      REGISTERS.stream()
          .flatMap(
              base ->
                  IntStream.of(
                          0,
                          8,
                          127,
                          128,
                          -8,
                          -128,
                          -129,
                          0x12345678,
                          Integer.MAX_VALUE,
                          Integer.MIN_VALUE)
                      .mapToObj(displacement -> Mem.at(base, displacement)))
          .toList();

  private final Amd64Assembler asm = new Amd64Assembler("test");

  /** Every method and what to try it with; the labels are one before and one behind the code. */
  private static InstructionTable table(List<Label> labels) {
    return new InstructionTable(Amd64Assembler.class)
        .row("push(Reg)", REGISTERS)
        .row("pop(Reg)", REGISTERS)
        .row("mov(Reg,Reg)", REGISTERS, REGISTERS)
        .row("mov(Reg,Mem)", REGISTERS, MEMORY)
        .row("mov(Mem,Reg)", MEMORY, REGISTERS)
        .row("mov(Reg,long)", REGISTERS, CONSTANTS)
        .row("mov32(Reg,Reg)", REGISTERS, REGISTERS)
        .row("mov32(Reg,Mem)", REGISTERS, MEMORY)
        .row("mov32(Mem,Reg)", MEMORY, REGISTERS)
        .row("mov32(Mem,int)", MEMORY, IMMEDIATES)
        .row("movzx16(Reg,Mem)", REGISTERS, MEMORY)
        .row("lea(Reg,Mem)", REGISTERS, MEMORY)
        .row("leaRip(Reg,int)", REGISTERS, IMMEDIATES)
        .row("add(Reg,int)", REGISTERS, IMMEDIATES)
        .row("add(Reg,Reg)", REGISTERS, REGISTERS)
        .row("shl(Reg,int)", REGISTERS, SHIFTS)
        .row("sub(Reg,int)", REGISTERS, IMMEDIATES)
        .row("xor(Reg,Reg)", REGISTERS, REGISTERS)
        .row("xor32(Reg,Reg)", REGISTERS, REGISTERS)
        .row("xor32(Reg,Mem)", REGISTERS, MEMORY)
        .row("and32(Reg,int)", REGISTERS, IMMEDIATES)
        .row("cmp(Reg,Reg)", REGISTERS, REGISTERS)
        .row("cmp(Reg,Mem)", REGISTERS, MEMORY)
        .row("cmp32(Reg,Reg)", REGISTERS, REGISTERS)
        .row("cmp32(Reg,int)", REGISTERS, IMMEDIATES)
        .row("cmp32(Mem,int)", MEMORY, IMMEDIATES)
        .row("test(Reg,Reg)", REGISTERS, REGISTERS)
        .row("test32(Reg,Reg)", REGISTERS, REGISTERS)
        .row("test32(Reg,int)", REGISTERS, IMMEDIATES)
        .row("rdfsbase(Reg)", REGISTERS)
        .row("wrfsbase(Reg)", REGISTERS)
        .row("prefetcht0(Mem)", MEMORY)
        .row("ldmxcsr(Mem)", MEMORY)
        .row("stmxcsr(Mem)", MEMORY)
        .row("fldcw(Mem)", MEMORY)
        .row("fnstcw(Mem)", MEMORY)
        .row("movsd(int,Mem)", XMMS, MEMORY)
        .row("movsd(Mem,int)", MEMORY, XMMS)
        .row("jmp(Reg)", REGISTERS)
        .row("jmp(Mem)", MEMORY)
        .row("jmp(Label)", labels)
        .row("je(Label)", labels)
        .row("jne(Label)", labels)
        .row("ja(Label)", labels)
        .row("jb(Label)", labels)
        .row("call(Reg)", REGISTERS)
        .row("call(Label)", labels)
        .row("ret()")
        .row("syscall()")
        .row("ud2()");
  }

  @Test
  void objdumpReadsEveryInstructionAsListed() {
    emitTable();
    Objdump.assertAgrees(Isa.AMD64, asm.finish());
  }

  /** Objdump ties the text to the bytes; this ties it to the method and its arguments. */
  @Test
  void everyMethodEmitsTheInstructionThatItNames() {
    List<Call> calls = emitTable();
    for (Line line : asm.finish().lines()) {
      if (!line.comment().isEmpty()) {
        Call call = calls.get(Integer.parseInt(line.comment()));
        assertEquals(expectedText(call), line.text(), call::toString);
      }
    }
  }

  @Test
  void everyInstructionMethodIsInTheTable() {
    assertEquals(Set.of(), table(List.of()).missing());
  }

  @Test
  void paddingIsListed() {
    asm.routine("first");
    asm.ret();
    asm.routine("second");
    asm.ret();
    Objdump.assertAgrees(Isa.AMD64, asm.finish());
  }

  @Test
  void objdumpFindsAWrongByte() {
    asm.mov(RAX, RBX);
    Listing right = asm.finish();
    byte[] bytes = right.bytes();
    bytes[2] ^= 1; // another register
    List<Line> lines =
        List.of(new Line(0, List.of(bytes[0], bytes[1], bytes[2]), "mov rax,rbx", ""));
    Listing wrong = new Listing("wrong", lines, bytes, Map.of());

    Objdump.assertAgrees(Isa.AMD64, right);
    AssertionFailedError error =
        assertThrows(AssertionFailedError.class, () -> Objdump.assertAgrees(Isa.AMD64, wrong));
    assertTrue(error.getMessage().contains("objdump: 0x0  mov rcx,rbx"), error.getMessage());
  }

  @Test
  void aConstantTakesTheShortestForm() {
    asm.mov(RAX, 0xffffffffL);
    asm.mov(RAX, 0x100000000L);
    List<Line> lines = asm.finish().lines();
    assertEquals(5, lines.get(0).bytes().size());
    assertEquals(10, lines.get(1).bytes().size());
  }

  @Test
  void whatHasNoEncodingIsRefusedByName() {
    refused("movsd xmm16,QWORD PTR [rax]", () -> asm.movsd(16, Mem.at(RAX, 0)));
    refused("movsd QWORD PTR [rax+0x8],xmm16", () -> asm.movsd(Mem.at(RAX, 8), 16));
    refused("shl rax,0x40", () -> asm.shl(RAX, 64));
    assertEquals(0, asm.finish().bytes().length);
  }

  private List<Call> emitTable() {
    Label before = asm.label("before");
    Label behind = asm.label("behind");
    asm.bind(before);
    List<Call> calls = table(List.of(before, behind)).emit(asm);
    asm.bind(behind);
    asm.ud2();
    return calls;
  }

  private static String expectedText(Call call) {
    if (call.arguments().size() == 2 && call.arguments().get(1) instanceof Long value) {
      boolean wide = value > 0xffffffffL || value < 0;
      String register = call.argument(0, Reg.class).name(wide);
      return (wide ? "movabs " : "mov ") + register + ",0x" + Long.toHexString(value);
    }
    if (call.method().equals("leaRip")) {
      long distance = call.argument(1, Integer.class);
      return "lea %s,[rip+0x%x]".formatted(call.argument(0, Reg.class).name(true), distance);
    }
    String operands =
        call.arguments().stream()
            .map(argument -> expectedOperand(call, argument))
            .collect(Collectors.joining(","));
    return (call.operation() + " " + operands).strip();
  }

  private static String expectedOperand(Call call, Object argument) {
    return switch (argument) {
      case Reg register -> register.name(!call.isNarrow());
      case Mem(Reg base, int displacement) -> {
        String size =
            switch (call.operation()) {
              case "lea" -> "";
              case "prefetcht0" -> "BYTE PTR ";
              case "fldcw", "fnstcw", "movzx" -> "WORD PTR ";
              case "ldmxcsr", "stmxcsr" -> "DWORD PTR ";
              default -> call.isNarrow() ? "DWORD PTR " : "QWORD PTR ";
            };
        String distance =
            displacement == 0 && base != Reg.RBP && base != Reg.R13
                ? ""
                : (displacement < 0 ? "-" : "+") + "0x%x".formatted(Math.abs((long) displacement));
        yield size + "[" + base.name(true) + distance + "]";
      }
      case Integer xmm when call.operation().matches("movsd") -> "xmm" + xmm;
      case Integer value when call.isNarrow() -> "0x%x".formatted(value);
      case Integer value -> "0x%x".formatted(value.longValue());
      default -> argument.toString();
    };
  }

  private static void refused(String text, Runnable emit) {
    String message = assertThrows(IllegalArgumentException.class, emit::run).getMessage();
    assertTrue(message.startsWith(text + ": "), message);
  }
}
