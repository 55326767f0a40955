package dev.stackful.internal.asm;

import java.util.Locale;

/**
 * Assembles the x86-64 instructions that the routines use.
 *
 * <p>Encodings are those of the Intel 64 and IA-32 Architectures Software Developer's Manual,
 * volume 2: 2.1 for the form of an instruction, 2.2.1 for REX, chapters 3 to 5 for each opcode,
 * which the comment of each method repeats in the manual's notation: {@code /r} is a ModRM byte
 * with a register and a register-or-memory operand, {@code /4} one whose register field is part of
 * the opcode, {@code ib}, {@code id}, {@code io} an immediate of 1, 4 or 8 bytes, {@code cd} a
 * 4-byte distance from the end of the instruction.
 *
 * <p>Operands are 64 bits wide unless the method's name ends in 32; the first is the destination.
 * Writing a 32-bit register clears the upper half of the 64-bit one. The last parameter of each
 * method is the comment of its line in the listing, which may be left out.
 */
public final class Amd64Assembler extends Assembler {
  private static final boolean W64 = true;
  private static final boolean W32 = false;

  /** The mandatory prefixes; {@link #NONE} is the absence of one. */
  private static final int NONE = 0;

  private static final int PF2 = 0xf2;
  private static final int PF3 = 0xf3;

  /** The general registers, by their numbers in an encoding. */
  public enum Reg {
    RAX(0),
    RCX(1),
    RDX(2),
    RBX(3),
    RSP(4),
    RBP(5),
    RSI(6),
    RDI(7),
    R8(8),
    R9(9),
    R10(10),
    R11(11),
    R12(12),
    R13(13),
    R14(14),
    R15(15);

    private final int number;
    private final String name64;
    private final String name32;

    Reg(int number) {
      this.number = number;
      String name = name().toLowerCase(Locale.ROOT);
      name64 = name;
      name32 = number < 8 ? "e" + name.substring(1) : name + "d";
    }

    String name(boolean wide) {
      return wide ? name64 : name32;
    }
  }

  /**
   * A memory operand.
   *
   * @param base the register that holds the address
   * @param displacement bytes to add to it
   */
  public record Mem(Reg base, int displacement) {

    /** The memory at {@code base + displacement}. */
    public static Mem at(Reg base, int displacement) {
      return new Mem(base, displacement);
    }

    /** RSP's and R12's number in ModRM announces a SIB byte, so they are addressed through one. */
    private boolean needsSib() {
      return (base.number & 7) == 4;
    }

    /** Mod 00 with RBP's or R13's number means RIP-relative, so they always get a displacement. */
    private boolean needsDisplacement() {
      return displacement != 0 || (base.number & 7) == 5;
    }

    private String text() {
      if (!needsDisplacement()) {
        return "[" + base.name64 + "]";
      }
      String sign = displacement < 0 ? "-0x" : "+0x";
      return "[" + base.name64 + sign + Long.toHexString(Math.abs((long) displacement)) + "]";
    }

    private String text(boolean wide) {
      return (wide ? "QWORD PTR " : "DWORD PTR ") + text();
    }
  }

  /** Starts a listing with the given heading. */
  public Amd64Assembler(String title) {
    super(title);
  }

  // Stack and moves

  /** PUSH r64: {@code 50+rd}. */
  public void push(Reg from, String... why) {
    opcodeWithRegister(W32, 0x50, from); // 64 bits wide without REX.W
    line("push " + from.name64, why);
  }

  /** POP r64: {@code 58+rd}. */
  public void pop(Reg to, String... why) {
    opcodeWithRegister(W32, 0x58, to);
    line("pop " + to.name64, why);
  }

  /** MOV r/m64, r64: {@code REX.W 89 /r}. */
  public void mov(Reg to, Reg from, String... why) {
    modRm(NONE, W64, 0x89, from.number, to);
    line("mov " + to.name64 + "," + from.name64, why);
  }

  /** MOV r64, r/m64: {@code REX.W 8B /r}. */
  public void mov(Reg to, Mem from, String... why) {
    modRm(NONE, W64, 0x8b, to.number, from);
    line("mov " + to.name64 + "," + from.text(W64), why);
  }

  /** MOV r/m64, r64: {@code REX.W 89 /r}. */
  public void mov(Mem to, Reg from, String... why) {
    modRm(NONE, W64, 0x89, from.number, to);
    line("mov " + to.text(W64) + "," + from.name64, why);
  }

  /**
   * Loads a constant. MOV r32, imm32 where it fits without a sign, {@code B8+rd id}; else MOV r64,
   * imm64, {@code REX.W B8+rd io}, which objdump calls movabs.
   */
  public void mov(Reg to, long value, String... why) {
    boolean wide = value >>> 32 != 0;
    opcodeWithRegister(wide, 0xb8, to);
    if (wide) {
      emit64(value);
    } else {
      emit32((int) value);
    }
    line((wide ? "movabs " : "mov ") + to.name(wide) + ",0x" + Long.toHexString(value), why);
  }

  /** MOV r/m32, r32: {@code 89 /r}. */
  public void mov32(Reg to, Reg from, String... why) {
    modRm(NONE, W32, 0x89, from.number, to);
    line("mov " + to.name32 + "," + from.name32, why);
  }

  /** MOV r32, r/m32: {@code 8B /r}. */
  public void mov32(Reg to, Mem from, String... why) {
    modRm(NONE, W32, 0x8b, to.number, from);
    line("mov " + to.name32 + "," + from.text(W32), why);
  }

  /** MOV r/m32, r32: {@code 89 /r}. */
  public void mov32(Mem to, Reg from, String... why) {
    modRm(NONE, W32, 0x89, from.number, to);
    line("mov " + to.text(W32) + "," + from.name32, why);
  }

  /** MOV r/m32, imm32: {@code C7 /0 id}. */
  public void mov32(Mem to, int value, String... why) {
    modRm(NONE, W32, 0xc7, 0, to);
    emit32(value);
    line("mov " + to.text(W32) + "," + hex(W32, value), why);
  }

  /** MOVZX r32, r/m16: {@code 0F B7 /r}. Clears all but the low 16 bits. */
  public void movzx16(Reg to, Mem from, String... why) {
    modRm(NONE, W32, 0x0fb7, to.number, from);
    line("movzx " + to.name32 + ",WORD PTR " + from.text(), why);
  }

  /** LEA r64, m: {@code REX.W 8D /r}. */
  public void lea(Reg to, Mem address, String... why) {
    modRm(NONE, W64, 0x8d, to.number, address);
    line("lea " + to.name64 + "," + address.text(), why);
  }

  /**
   * LEA r64, m with RIP as the base: {@code REX.W 8D /r}, mod 00 and r/m 101.
   *
   * @param distance bytes from the end of the instruction
   */
  public void leaRip(Reg to, int distance, String... why) {
    head(NONE, W64, 0x8d, to.number, 0);
    emit8((to.number & 7) << 3 | 0b101);
    emit32(distance);
    line("lea " + to.name64 + ",[rip+" + hex(W64, distance) + "]", why);
  }

  // Arithmetic and logic

  /** ADD r/m64, imm: {@code REX.W 83 /0 ib} or {@code REX.W 81 /0 id}, sign-extended. */
  public void add(Reg to, int value, String... why) {
    group1(W64, 0, to, value);
    line("add " + to.name64 + "," + hex(W64, value), why);
  }

  /** ADD r/m64, r64: {@code REX.W 01 /r}. */
  public void add(Reg to, Reg value, String... why) {
    modRm(NONE, W64, 0x01, value.number, to);
    line("add " + to.name64 + "," + value.name64, why);
  }

  /** SHL r/m64, imm8: {@code REX.W C1 /4 ib}. By 0 to 63 bits. */
  public void shl(Reg to, int bits, String... why) {
    String text = "shl " + to.name64 + "," + hex(W64, bits);
    require(bits >= 0 && bits < Long.SIZE, text, "by 0 to 63 bits");
    modRm(NONE, W64, 0xc1, 4, to);
    emit8(bits);
    line(text, why);
  }

  /** SUB r/m64, imm: {@code REX.W 83 /5 ib} or {@code REX.W 81 /5 id}, sign-extended. */
  public void sub(Reg to, int value, String... why) {
    group1(W64, 5, to, value);
    line("sub " + to.name64 + "," + hex(W64, value), why);
  }

  /** XOR r/m64, r64: {@code REX.W 31 /r}. */
  public void xor(Reg to, Reg value, String... why) {
    modRm(NONE, W64, 0x31, value.number, to);
    line("xor " + to.name64 + "," + value.name64, why);
  }

  /** XOR r/m32, r32: {@code 31 /r}. */
  public void xor32(Reg to, Reg value, String... why) {
    modRm(NONE, W32, 0x31, value.number, to);
    line("xor " + to.name32 + "," + value.name32, why);
  }

  /** XOR r32, r/m32: {@code 33 /r}. */
  public void xor32(Reg to, Mem value, String... why) {
    modRm(NONE, W32, 0x33, to.number, value);
    line("xor " + to.name32 + "," + value.text(W32), why);
  }

  /** AND r/m32, imm: {@code 83 /4 ib} or {@code 81 /4 id}. */
  public void and32(Reg to, int value, String... why) {
    group1(W32, 4, to, value);
    line("and " + to.name32 + "," + hex(W32, value), why);
  }

  // Comparison

  /** CMP r/m64, r64: {@code REX.W 39 /r}. */
  public void cmp(Reg left, Reg right, String... why) {
    modRm(NONE, W64, 0x39, right.number, left);
    line("cmp " + left.name64 + "," + right.name64, why);
  }

  /** CMP r64, r/m64: {@code REX.W 3B /r}. */
  public void cmp(Reg left, Mem right, String... why) {
    modRm(NONE, W64, 0x3b, left.number, right);
    line("cmp " + left.name64 + "," + right.text(W64), why);
  }

  /** CMP r/m32, r32: {@code 39 /r}. */
  public void cmp32(Reg left, Reg right, String... why) {
    modRm(NONE, W32, 0x39, right.number, left);
    line("cmp " + left.name32 + "," + right.name32, why);
  }

  /** CMP r/m32, imm: {@code 83 /7 ib} or {@code 81 /7 id}. */
  public void cmp32(Reg left, int right, String... why) {
    group1(W32, 7, left, right);
    line("cmp " + left.name32 + "," + hex(W32, right), why);
  }

  /** CMP r/m32, imm: {@code 83 /7 ib} or {@code 81 /7 id}. */
  public void cmp32(Mem left, int right, String... why) {
    modRm(NONE, W32, group1Opcode(right), 7, left);
    group1Immediate(right);
    line("cmp " + left.text(W32) + "," + hex(W32, right), why);
  }

  /** TEST r/m64, r64: {@code REX.W 85 /r}. */
  public void test(Reg left, Reg right, String... why) {
    modRm(NONE, W64, 0x85, right.number, left);
    line("test " + left.name64 + "," + right.name64, why);
  }

  /** TEST r/m32, r32: {@code 85 /r}. */
  public void test32(Reg left, Reg right, String... why) {
    modRm(NONE, W32, 0x85, right.number, left);
    line("test " + left.name32 + "," + right.name32, why);
  }

  /** TEST r/m32, imm32: {@code F7 /0 id}. */
  public void test32(Reg left, int right, String... why) {
    modRm(NONE, W32, 0xf7, 0, left);
    emit32(right);
    line("test " + left.name32 + "," + hex(W32, right), why);
  }

  // The thread pointer and the floating-point environment

  /** RDFSBASE r64: {@code F3 REX.W 0F AE /0}. Needs FSGSBASE, which the kernel must allow. */
  public void rdfsbase(Reg to, String... why) {
    modRm(PF3, W64, 0x0fae, 0, to);
    line("rdfsbase " + to.name64, why);
  }

  /** WRFSBASE r64: {@code F3 REX.W 0F AE /2}. Needs FSGSBASE, which the kernel must allow. */
  public void wrfsbase(Reg from, String... why) {
    modRm(PF3, W64, 0x0fae, 2, from);
    line("wrfsbase " + from.name64, why);
  }

  /** PREFETCHT0 m8: {@code 0F 18 /1}. It never faults, whatever the address. */
  public void prefetcht0(Mem line, String... why) {
    modRm(NONE, W32, 0x0f18, 1, line);
    line("prefetcht0 BYTE PTR " + line.text(), why);
  }

  /** LDMXCSR m32: {@code NP 0F AE /2}. */
  public void ldmxcsr(Mem from, String... why) {
    modRm(NONE, W32, 0x0fae, 2, from);
    line("ldmxcsr " + from.text(W32), why);
  }

  /** STMXCSR m32: {@code NP 0F AE /3}. */
  public void stmxcsr(Mem to, String... why) {
    modRm(NONE, W32, 0x0fae, 3, to);
    line("stmxcsr " + to.text(W32), why);
  }

  /** FLDCW m2byte: {@code D9 /5}. */
  public void fldcw(Mem from, String... why) {
    modRm(NONE, W32, 0xd9, 5, from);
    line("fldcw WORD PTR " + from.text(), why);
  }

  /** FNSTCW m2byte: {@code D9 /7}. */
  public void fnstcw(Mem to, String... why) {
    modRm(NONE, W32, 0xd9, 7, to);
    line("fnstcw WORD PTR " + to.text(), why);
  }

  /** MOVSD xmm1, m64: {@code F2 0F 10 /r}. */
  public void movsd(int xmm, Mem from, String... why) {
    String text = "movsd xmm" + xmm + "," + from.text(W64);
    requireXmm(xmm, text);
    modRm(PF2, W32, 0x0f10, xmm, from);
    line(text, why);
  }

  /** MOVSD m64, xmm1: {@code F2 0F 11 /r}. */
  public void movsd(Mem to, int xmm, String... why) {
    String text = "movsd " + to.text(W64) + ",xmm" + xmm;
    requireXmm(xmm, text);
    modRm(PF2, W32, 0x0f11, xmm, to);
    line(text, why);
  }

  // Control flow

  /** JMP r/m64: {@code FF /4}; 64 bits wide without REX.W. */
  public void jmp(Reg target, String... why) {
    modRm(NONE, W32, 0xff, 4, target);
    line("jmp " + target.name64, why);
  }

  /** JMP r/m64: {@code FF /4}; 64 bits wide without REX.W. */
  public void jmp(Mem target, String... why) {
    modRm(NONE, W32, 0xff, 4, target);
    line("jmp " + target.text(W64), why);
  }

  /** JMP rel32: {@code E9 cd}. */
  public void jmp(Label target, String... why) {
    emit8(0xe9);
    relative("jmp ", target, why);
  }

  /** JE rel32: {@code 0F 84 cd}. */
  public void je(Label target, String... why) {
    emit8(0x0f);
    emit8(0x84);
    relative("je ", target, why);
  }

  /** JNE rel32: {@code 0F 85 cd}. */
  public void jne(Label target, String... why) {
    emit8(0x0f);
    emit8(0x85);
    relative("jne ", target, why);
  }

  /** JA rel32, above as unsigned numbers: {@code 0F 87 cd}. */
  public void ja(Label target, String... why) {
    emit8(0x0f);
    emit8(0x87);
    relative("ja ", target, why);
  }

  /** JB rel32, below as unsigned numbers: {@code 0F 82 cd}. */
  public void jb(Label target, String... why) {
    emit8(0x0f);
    emit8(0x82);
    relative("jb ", target, why);
  }

  /** CALL r/m64: {@code FF /2}; 64 bits wide without REX.W. */
  public void call(Reg target, String... why) {
    modRm(NONE, W32, 0xff, 2, target);
    line("call " + target.name64, why);
  }

  /** CALL rel32: {@code E8 cd}. */
  public void call(Label target, String... why) {
    emit8(0xe8);
    relative("call ", target, why);
  }

  /** RET: {@code C3}. */
  public void ret(String... why) {
    emit8(0xc3);
    line("ret", why);
  }

  /** SYSCALL: {@code 0F 05}. Overwrites RCX and R11. */
  public void syscall(String... why) {
    emit8(0x0f);
    emit8(0x05);
    line("syscall", why);
  }

  /** UD2, which raises an invalid-opcode exception: {@code 0F 0B}. */
  public void ud2(String... why) {
    emit8(0x0f);
    emit8(0x0b);
    line("ud2", why);
  }

  /** Between routines stands INT3: {@code CC}. */
  @Override
  void pad() {
    emit8(0xcc);
    line("int3");
  }

  @Override
  void patch(int at, Label target) {
    write32(at, target.offset() - (at + Integer.BYTES));
  }

  // Encoding

  /**
   * Mandatory prefix, REX and opcode, in the order that the processor demands.
   *
   * @param opcode one byte, or two of which the first is 0F
   * @param reg the register of ModRM's reg field, whose bit 3 goes to REX.R
   * @param rm the register of ModRM's r/m field or of the opcode, whose bit 3 goes to REX.B
   */
  private void head(int prefix, boolean wide, int opcode, int reg, int rm) {
    if (prefix != NONE) {
      emit8(prefix);
    }
    int rex = 0x40 | (wide ? 8 : 0) | (reg >> 3) << 2 | rm >> 3;
    if (rex != 0x40) {
      emit8(rex);
    }
    if (opcode > 0xff) {
      emit8(opcode >> 8);
    }
    emit8(opcode);
  }

  /** An instruction with a register in ModRM's r/m field: mod is 11. */
  private void modRm(int prefix, boolean wide, int opcode, int reg, Reg rm) {
    head(prefix, wide, opcode, reg, rm.number);
    emit8(0b11 << 6 | (reg & 7) << 3 | (rm.number & 7));
  }

  /** An instruction with memory in ModRM's r/m field: mod is the size of the displacement. */
  private void modRm(int prefix, boolean wide, int opcode, int reg, Mem rm) {
    head(prefix, wide, opcode, reg, rm.base.number);
    boolean small = isSmall(rm.displacement);
    int mod = !rm.needsDisplacement() ? 0b00 : small ? 0b01 : 0b10;
    emit8(mod << 6 | (reg & 7) << 3 | (rm.base.number & 7));
    if (rm.needsSib()) {
      emit8(0x24); // scale 1, no index, base by the same number
    }
    switch (mod) {
      case 0b01 -> emit8(rm.displacement);
      case 0b10 -> emit32(rm.displacement);
      default -> {}
    }
  }

  /** An instruction whose register is the low three bits of the opcode. */
  private void opcodeWithRegister(boolean wide, int opcode, Reg register) {
    head(NONE, wide, opcode | (register.number & 7), 0, register.number);
  }

  /** The eight operations of opcodes 81 and 83, which differ in ModRM's reg field. */
  private void group1(boolean wide, int operation, Reg to, int value) {
    modRm(NONE, wide, group1Opcode(value), operation, to);
    group1Immediate(value);
  }

  private static int group1Opcode(int value) {
    return isSmall(value) ? 0x83 : 0x81;
  }

  private void group1Immediate(int value) {
    if (isSmall(value)) {
      emit8(value);
    } else {
      emit32(value);
    }
  }

  /** The four bytes of distance that end a branch; {@link #patch} fills them in. */
  private void relative(String mnemonic, Label target, String... why) {
    reference(size(), target);
    emit32(0);
    line(mnemonic + target.name(), why);
  }

  private static boolean isSmall(int value) {
    return value == (byte) value;
  }

  private static void requireXmm(int xmm, String text) {
    require(xmm >= 0 && xmm < 16, text, "the registers are xmm0 to xmm15");
  }

  private static String hex(boolean wide, int value) {
    return "0x" + (wide ? Long.toHexString(value) : Integer.toHexString(value));
  }
}
