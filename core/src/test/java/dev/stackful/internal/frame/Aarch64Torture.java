package dev.stackful.internal.frame;

import dev.stackful.internal.asm.Aarch64Assembler;
import dev.stackful.internal.asm.Aarch64Assembler.Reg;
import dev.stackful.internal.asm.Aarch64Assembler.VReg;
import dev.stackful.internal.asm.Label;
import dev.stackful.internal.asm.Line;
import dev.stackful.internal.asm.Listing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@link Torture} for AArch64. */
final class Aarch64Torture {
  private static final List<Reg> CALLEE_SAVED =
      List.of(
          Reg.X19, Reg.X20, Reg.X21, Reg.X22, Reg.X23, Reg.X24, Reg.X25, Reg.X26, Reg.X27, Reg.X28,
          Reg.X29);
  private static final List<VReg> CALLEE_SAVED_VECTORS =
      List.of(VReg.D8, VReg.D9, VReg.D10, VReg.D11, VReg.D12, VReg.D13, VReg.D14, VReg.D15);

  /** The assembler refuses to name x18, so these stand for it until the code is finished. */
  private static final int UDF_SET_X18 = 0x1801;

  private static final int UDF_GET_X18 = 0x1802;
  private static final int MOV_X18_X10 = 0xaa0a03f2;
  private static final int MOV_X12_X18 = 0xaa1203ec;

  private static final int FRAME_BYTES = 176;

  private final Aarch64Assembler a = new Aarch64Assembler("torture");
  private final Torture.Plan plan;
  private final long block;
  private final List<String> checks;
  private final Label failed = a.label("failed");

  private Aarch64Torture(Torture.Plan plan, long block, List<String> checks) {
    this.plan = plan;
    this.block = block;
    this.checks = checks;
  }

  static byte[] emit(Torture.Plan plan, long block, List<String> checks) {
    Aarch64Torture torture = new Aarch64Torture(plan, block, checks);
    torture.emit();
    byte[] bytes = torture.a.finish().bytes();
    ByteBuffer code = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < bytes.length; at += Integer.BYTES) {
      switch (code.getInt(at)) {
        case UDF_SET_X18 -> code.putInt(at, MOV_X18_X10);
        case UDF_GET_X18 -> code.putInt(at, MOV_X12_X18);
        default -> {}
      }
    }
    return bytes;
  }

  private void emit() {
    Label round = a.label("round");
    a.routine("torture");
    a.btiC();
    a.stpPre(Reg.X29, Reg.X30, Reg.SP, -FRAME_BYTES);
    for (int i = 0; i < 10; i += 2) {
      a.stp(CALLEE_SAVED.get(i), CALLEE_SAVED.get(i + 1), Reg.SP, 16 + 8 * i);
    }
    for (int i = 0; i < 8; i += 2) {
      VReg even = CALLEE_SAVED_VECTORS.get(i);
      a.stp(even, CALLEE_SAVED_VECTORS.get(i + 1), Reg.SP, 96 + 8 * i);
    }
    a.mov(Reg.X9, block);
    a.mov(Reg.X10, Reg.SP);
    a.str(Reg.X10, Reg.X9, Torture.SP);
    a.mrsFpcr(Reg.X10);
    a.str(Reg.X10, Reg.X9, Torture.CALLERS_FP_CONTROL);

    a.bind(round);
    a.mov(Reg.X9, block);
    a.ldr(Reg.X10, Reg.X9, Torture.FP_CONTROL);
    a.msrFpcr(Reg.X10);
    a.ldr(Reg.X11, Reg.X9, Torture.ROUNDS);
    for (int i = 0; i < CALLEE_SAVED_VECTORS.size(); i++) {
      vectorPattern(i);
      a.fmov(CALLEE_SAVED_VECTORS.get(i), Reg.X10);
    }
    for (int i = 0; i < CALLEE_SAVED.size(); i++) {
      pattern(i);
      a.mov(CALLEE_SAVED.get(i), Reg.X10);
    }
    platformPattern();
    a.udf(UDF_SET_X18, "mov x18, x10");
    a.mov(Reg.X0, plan.first());
    a.mov(Reg.X1, plan.second());
    a.mov(Reg.X10, plan.target());
    a.blr(Reg.X10);
    a.udf(UDF_GET_X18, "mov x12, x18");

    a.mov(Reg.X9, block);
    a.ldr(Reg.X11, Reg.X9, Torture.ROUNDS);
    for (int i = 0; i < CALLEE_SAVED.size(); i++) {
      pattern(i);
      a.cmp(Reg.X10, CALLEE_SAVED.get(i));
      failIfDifferent(CALLEE_SAVED.get(i));
    }
    for (int i = 0; i < CALLEE_SAVED_VECTORS.size(); i++) {
      vectorPattern(i);
      a.fmov(Reg.X14, CALLEE_SAVED_VECTORS.get(i));
      a.cmp(Reg.X10, Reg.X14);
      failIfDifferent(CALLEE_SAVED_VECTORS.get(i));
    }
    a.mov(Reg.X10, Reg.SP, "a misaligned one would have faulted by now");
    a.ldr(Reg.X14, Reg.X9, Torture.SP);
    a.cmp(Reg.X10, Reg.X14);
    failIfDifferent("sp");
    a.mrsFpcr(Reg.X10);
    a.ldr(Reg.X14, Reg.X9, Torture.FP_CONTROL);
    a.cmp(Reg.X10, Reg.X14);
    failIfDifferent("fpcr");
    if (plan.checkPlatformRegister()) {
      platformPattern();
      a.cmp(Reg.X10, Reg.X12);
      failIfDifferent("x18");
    }
    a.sub(Reg.X11, Reg.X11, 1);
    a.str(Reg.X11, Reg.X9, Torture.ROUNDS);
    a.cbnz(Reg.X11, round);
    a.mov(Reg.X13, 0, "nothing failed");

    a.bind(failed);
    a.mov(Reg.X9, block);
    a.ldr(Reg.X10, Reg.X9, Torture.CALLERS_FP_CONTROL);
    a.msrFpcr(Reg.X10);
    a.ldr(Reg.X10, Reg.X9, Torture.SP);
    a.mov(Reg.SP, Reg.X10);
    a.mov(Reg.X0, Reg.X13);
    for (int i = 0; i < 10; i += 2) {
      a.ldp(CALLEE_SAVED.get(i), CALLEE_SAVED.get(i + 1), Reg.SP, 16 + 8 * i);
    }
    for (int i = 0; i < 8; i += 2) {
      VReg even = CALLEE_SAVED_VECTORS.get(i);
      a.ldp(even, CALLEE_SAVED_VECTORS.get(i + 1), Reg.SP, 96 + 8 * i);
    }
    a.ldpPost(Reg.X29, Reg.X30, Reg.SP, FRAME_BYTES);
    a.ret();
  }

  private void pattern(int register) {
    a.mov(Reg.X10, plan.pattern(register));
    a.eor(Reg.X10, Reg.X10, Reg.X11);
  }

  private void vectorPattern(int register) {
    pattern(CALLEE_SAVED.size() + register);
  }

  /** The same on both sides: a switch doesn't save x18, it leaves it alone. */
  private void platformPattern() {
    a.mov(Reg.X10, 0x1818_1818_1818_1818L);
  }

  private void failIfDifferent(Enum<?> register) {
    failIfDifferent(register.name().toLowerCase(Locale.ROOT));
  }

  private void failIfDifferent(String what) {
    checks.add(what);
    a.mov(Reg.X13, checks.size(), "leaves the flags alone");
    a.bne(failed);
  }

  private static final Pattern PAIR = Pattern.compile("ldp ([xd]\\d+), ([xd]\\d+), \\[sp.*");

  static List<Torture.Planted> plantErrors(Listing routines, String routine) {
    List<Torture.Planted> planted = new ArrayList<>();
    for (Line line : routines.linesOf(routine)) {
      int at = line.offset();
      if (line.text().startsWith("b.eq fpcrSame")) {
        int distance = wordAt(routines, at) >> 5 & 0x7ffff;
        planted.add(new Torture.Planted("fpcr", withWord(routines, at, 0x14000000 | distance)));
      }
      Matcher pair = PAIR.matcher(line.text());
      if (pair.matches()) {
        int word = wordAt(routines, at);
        // Into x15 or d16 instead, which are nobody's; x30 is needed to get back at all.
        int elsewhere = pair.group(1).startsWith("d") ? 16 : 15;
        planted.add(
            new Torture.Planted(pair.group(1), withWord(routines, at, (word & ~0x1f) | elsewhere)));
        if (!pair.group(2).equals("x30")) {
          planted.add(
              new Torture.Planted(
                  pair.group(2), withWord(routines, at, (word & ~(0x1f << 10)) | elsewhere << 10)));
        }
      }
    }
    return planted;
  }

  private static int wordAt(Listing routines, int at) {
    return ByteBuffer.wrap(routines.bytes()).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
  }

  private static byte[] withWord(Listing routines, int at, int word) {
    byte[] code = routines.bytes();
    ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN).putInt(at, word);
    return code;
  }
}
