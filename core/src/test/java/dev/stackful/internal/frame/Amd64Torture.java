package dev.stackful.internal.frame;

import static dev.stackful.internal.asm.Amd64Assembler.Mem.at;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.R12;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.R13;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.R14;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.R15;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RAX;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RBP;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RBX;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RCX;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RDI;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RDX;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RSI;
import static dev.stackful.internal.asm.Amd64Assembler.Reg.RSP;

import dev.stackful.internal.asm.Amd64Assembler;
import dev.stackful.internal.asm.Label;
import dev.stackful.internal.asm.Line;
import dev.stackful.internal.asm.Listing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@link Torture} for x86-64. */
final class Amd64Torture {
  private static final List<Amd64Assembler.Reg> CALLEE_SAVED =
      List.of(RBX, RBP, R12, R13, R14, R15);
  private static final int MXCSR_CONTROL = 0xffc0;
  private static final int X87 = 4;

  private final Amd64Assembler a = new Amd64Assembler("torture");
  private final Torture.Plan plan;
  private final long block;
  private final List<String> checks;
  private final Label failed = a.label("failed");
  private final Label probe = a.label("probe");

  private Amd64Torture(Torture.Plan plan, long block, List<String> checks) {
    this.plan = plan;
    this.block = block;
    this.checks = checks;
  }

  static byte[] emit(Torture.Plan plan, long block, List<String> checks) {
    Amd64Torture torture = new Amd64Torture(plan, block, checks);
    torture.emit();
    return torture.a.finish().bytes();
  }

  private void emit() {
    Label round = a.label("round");
    a.routine("torture");
    CALLEE_SAVED.forEach(register -> a.push(register, "the caller's"));
    a.sub(RSP, 8, "16-byte aligned again");
    a.mov(RAX, block);
    a.mov(at(RAX, Torture.SP), RSP);
    a.stmxcsr(at(RAX, Torture.CALLERS_FP_CONTROL));
    a.fnstcw(at(RAX, Torture.CALLERS_FP_CONTROL + X87));

    a.bind(round);
    a.mov(RAX, block);
    a.ldmxcsr(at(RAX, Torture.FP_CONTROL));
    a.fldcw(at(RAX, Torture.FP_CONTROL + X87));
    a.mov(RCX, at(RAX, Torture.ROUNDS));
    for (Amd64Assembler.Reg register : CALLEE_SAVED) {
      a.mov(register, plan.pattern(register.ordinal()));
      a.xor(register, RCX);
    }
    a.mov(RDI, plan.first());
    a.mov(RSI, plan.second());
    a.mov(RAX, plan.target());
    a.call(RAX);

    a.mov(RAX, block);
    a.mov(RCX, at(RAX, Torture.ROUNDS));
    for (Amd64Assembler.Reg register : CALLEE_SAVED) {
      a.mov(RDX, plan.pattern(register.ordinal()));
      a.xor(RDX, RCX);
      a.cmp(RDX, register);
      failIfDifferent(name(register));
    }
    a.cmp(RSP, at(RAX, Torture.SP));
    failIfDifferent("rsp");
    a.stmxcsr(at(RAX, Torture.FP_CONTROL_SEEN));
    a.mov32(RCX, at(RAX, Torture.FP_CONTROL_SEEN));
    a.xor32(RCX, at(RAX, Torture.FP_CONTROL));
    a.test32(RCX, MXCSR_CONTROL);
    failIfDifferent("mxcsr");
    a.fnstcw(at(RAX, Torture.FP_CONTROL_SEEN + X87));
    a.movzx16(RCX, at(RAX, Torture.FP_CONTROL_SEEN + X87));
    a.movzx16(RSI, at(RAX, Torture.FP_CONTROL + X87));
    a.cmp32(RCX, RSI);
    failIfDifferent("x87 control word");
    a.call(probe);
    a.and32(RAX, 15);
    a.cmp32(RAX, 8, "aligned before the call pushed its return address");
    failIfDifferent("the alignment of rsp");

    a.mov(RAX, block);
    a.mov(RCX, at(RAX, Torture.ROUNDS));
    a.add(RCX, -1);
    a.mov(at(RAX, Torture.ROUNDS), RCX);
    a.test(RCX, RCX);
    a.jne(round);
    a.mov(RDX, 0, "nothing failed");

    a.bind(failed);
    a.mov(RAX, block);
    a.ldmxcsr(at(RAX, Torture.CALLERS_FP_CONTROL));
    a.fldcw(at(RAX, Torture.CALLERS_FP_CONTROL + X87));
    a.mov(RSP, at(RAX, Torture.SP));
    a.mov(RAX, RDX);
    a.add(RSP, 8);
    CALLEE_SAVED.reversed().forEach(register -> a.pop(register));
    a.ret();

    a.bind(probe);
    a.mov(RAX, RSP);
    a.ret();
  }

  private void failIfDifferent(String what) {
    checks.add(what);
    a.mov(RDX, checks.size(), "leaves the flags alone");
    a.jne(failed);
  }

  private static String name(Amd64Assembler.Reg register) {
    return register.name().toLowerCase(Locale.ROOT);
  }

  static List<Torture.Planted> plantErrors(Listing routines, String routine) {
    List<Torture.Planted> planted = new ArrayList<>();
    for (Line line : routines.linesOf(routine)) {
      byte[] code = routines.bytes();
      int at = line.offset();
      String text = line.text().replaceFirst("Same.*", "Same");
      switch (text) {
        case "pop rbx", "pop rbp" -> code[at] = 0x5a; // pop rdx, which is dead there
        case "pop r12", "pop r13", "pop r14", "pop r15" -> code[at + 1] = 0x59; // pop r9
        case "je mxcsrSame", "je x87Same" -> { // always
          code[at] = (byte) 0x90;
          code[at + 1] = (byte) 0xe9;
        }
        default -> {
          continue;
        }
      }
      String register =
          switch (text) {
            case "je mxcsrSame" -> "mxcsr";
            case "je x87Same" -> "x87 control word";
            default -> text.substring("pop ".length());
          };
      planted.add(new Torture.Planted(register, code));
    }
    return planted;
  }
}
