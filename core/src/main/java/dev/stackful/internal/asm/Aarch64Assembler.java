package dev.stackful.internal.asm;

import java.util.Locale;

/**
 * Assembles the AArch64 instructions that the routines use.
 *
 * <p>Encodings are those of the Arm Architecture Reference Manual for A-profile (ARM DDI 0487),
 * chapter C6.2 for the base instructions and C7.2 for the floating-point ones; the comment of each
 * method names the manual's entry. Every instruction is one little-endian word: a fixed pattern,
 * the destination or first register in bits 4:0, the base or second in bits 9:5, the third in bits
 * 14:10 or 20:16.
 *
 * <p>Registers are 64 bits wide unless the method's name ends in 32; the first is the destination,
 * except in stores. Offsets are in bytes. The last parameter of each method is the comment of its
 * line in the listing, which may be left out.
 *
 * <p>An operand that has no encoding is an {@link IllegalArgumentException} whose message begins
 * with the instruction.
 */
public final class Aarch64Assembler extends Assembler {

  /**
   * The general registers, the stack pointer and the zero register. The last two share the number
   * 31: the instruction decides which of them it means.
   *
   * <p>X18 is left out, so that no code can touch it. It is the platform register (AAPCS64, 6.1.1):
   * Apple's systems and Windows keep it for themselves and may change it at any time, and Linux
   * code built with a shadow call stack holds that stack's pointer in it. So the number is a field,
   * not the ordinal.
   */
  public enum Reg {
    X0(0),
    X1(1),
    X2(2),
    X3(3),
    X4(4),
    X5(5),
    X6(6),
    X7(7),
    X8(8),
    X9(9),
    X10(10),
    X11(11),
    X12(12),
    X13(13),
    X14(14),
    X15(15),
    X16(16),
    X17(17),
    X19(19),
    X20(20),
    X21(21),
    X22(22),
    X23(23),
    X24(24),
    X25(25),
    X26(26),
    X27(27),
    X28(28),
    X29(29),
    X30(30),
    SP(31),
    XZR(31);

    private final int number;
    private final String name64;
    private final String name32;

    Reg(int number) {
      this.number = number;
      name64 = name().toLowerCase(Locale.ROOT);
      name32 =
          switch (name64) {
            case "sp" -> "wsp";
            case "xzr" -> "wzr";
            default -> "w" + number;
          };
    }

    String name(boolean wide) {
      return wide ? name64 : name32;
    }
  }

  /** The low 64 bits of the vector registers. A callee saves D8 to D15, and only that half. */
  public enum VReg {
    D0(0),
    D1(1),
    D2(2),
    D3(3),
    D4(4),
    D5(5),
    D6(6),
    D7(7),
    D8(8),
    D9(9),
    D10(10),
    D11(11),
    D12(12),
    D13(13),
    D14(14),
    D15(15),
    D16(16),
    D17(17),
    D18(18),
    D19(19),
    D20(20),
    D21(21),
    D22(22),
    D23(23),
    D24(24),
    D25(25),
    D26(26),
    D27(27),
    D28(28),
    D29(29),
    D30(30),
    D31(31);

    private final int number;
    private final String text;

    VReg(int number) {
      this.number = number;
      text = "d" + number;
    }
  }

  private static final boolean W64 = true;
  private static final boolean W32 = false;

  /** The pieces that a constant is loaded by. */
  private static final int CHUNKS = Long.SIZE / 16;

  /** Bit 31 of most instructions: 64-bit operands. */
  private static final int SF = 1 << 31;

  /** Starts a listing with the given heading. */
  public Aarch64Assembler(String title) {
    super(title);
  }

  // Loads and stores of pairs. The offset is a multiple of 8 from -512 to 504.

  /** STP, signed offset. */
  public void stp(Reg first, Reg second, Reg base, int offset, String... why) {
    pair("stp", 0xa9000000, first, second, base, offset, Indexing.OFFSET, why);
  }

  /** LDP, signed offset. */
  public void ldp(Reg first, Reg second, Reg base, int offset, String... why) {
    pair("ldp", 0xa9400000, first, second, base, offset, Indexing.OFFSET, why);
  }

  /** STP, pre-index: the base moves first, {@code [sp, #-16]!}. */
  public void stpPre(Reg first, Reg second, Reg base, int offset, String... why) {
    pair("stp", 0xa9800000, first, second, base, offset, Indexing.PRE, why);
  }

  /** LDP, post-index: the base moves afterwards, {@code [sp], #16}. */
  public void ldpPost(Reg first, Reg second, Reg base, int offset, String... why) {
    pair("ldp", 0xa8c00000, first, second, base, offset, Indexing.POST, why);
  }

  /** STP (SIMD and FP), signed offset. */
  public void stp(VReg first, VReg second, Reg base, int offset, String... why) {
    pair("stp", 0x6d000000, first, second, base, offset, why);
  }

  /** LDP (SIMD and FP), signed offset. */
  public void ldp(VReg first, VReg second, Reg base, int offset, String... why) {
    pair("ldp", 0x6d400000, first, second, base, offset, why);
  }

  // Loads and stores of one register. The offset is a multiple of the size, from 0 to 4095 sizes.

  /** STR (immediate), unsigned offset. */
  public void str(Reg from, Reg base, int offset, String... why) {
    single("str", 0xf9000000, W64, from, base, offset, why);
  }

  /** LDR (immediate), unsigned offset. */
  public void ldr(Reg to, Reg base, int offset, String... why) {
    single("ldr", 0xf9400000, W64, to, base, offset, why);
  }

  /** STR (immediate), unsigned offset, 32 bits. */
  public void str32(Reg from, Reg base, int offset, String... why) {
    single("str", 0xb9000000, W32, from, base, offset, why);
  }

  /** LDR (immediate), unsigned offset, 32 bits; clears the upper half of the register. */
  public void ldr32(Reg to, Reg base, int offset, String... why) {
    single("ldr", 0xb9400000, W32, to, base, offset, why);
  }

  /** STR (immediate, SIMD and FP), unsigned offset. */
  public void str(VReg from, Reg base, int offset, String... why) {
    single("str " + from.text, 0xfd000000, Double.BYTES, from.number, base, offset, why);
  }

  /** LDR (immediate, SIMD and FP), unsigned offset. */
  public void ldr(VReg to, Reg base, int offset, String... why) {
    single("ldr " + to.text, 0xfd400000, Double.BYTES, to.number, base, offset, why);
  }

  /** PRFM PLDL1KEEP (immediate), unsigned offset. It never faults, whatever the address. */
  public void prfm(Reg base, int offset, String... why) {
    single("prfm pldl1keep", 0xf9800000, Long.BYTES, 0, base, offset, why);
  }

  /** LDAR, 32 bits. */
  public void ldar32(Reg to, Reg base, String... why) {
    ordered("ldar", 0x88dffc00, to, base, why);
  }

  /** STLR, 32 bits. */
  public void stlr32(Reg from, Reg base, String... why) {
    ordered("stlr", 0x889ffc00, from, base, why);
  }

  // Moves

  /** MOV (register), which is ORR with the zero register; to or from SP it is ADD of zero. */
  public void mov(Reg to, Reg from, String... why) {
    String text = "mov " + to.name64 + ", " + from.name64;
    if (to == Reg.SP || from == Reg.SP) {
      word(0x91000000 | orSp(to, text) | orSp(from, text) << 5, text, why);
    } else {
      word(0xaa0003e0 | to.number | from.number << 16, text, why);
    }
  }

  /**
   * Loads a constant: MOVZ or MOVN, whichever leaves less to do, then a MOVK for each 16 bits that
   * are still wrong. One to four instructions, each with its own line; the first has the comment.
   *
   * <p>Each has imm16 in bits 20:5 and its place in bits 22:21. MOVZ clears the bits around it,
   * MOVN sets them and inverts, MOVK keeps them.
   */
  public void mov(Reg to, long value, String... why) {
    int zeros = 0;
    int ones = 0;
    for (int i = 0; i < CHUNKS; i++) {
      zeros += chunk(value, i) == 0 ? 1 : 0;
      ones += chunk(value, i) == 0xffff ? 1 : 0;
    }
    boolean inverted = ones > zeros;
    int background = inverted ? 0xffff : 0;
    int first = 0;
    while (first < CHUNKS - 1 && chunk(value, first) == background) {
      first++;
    }
    if (chunk(value, first) == background) {
      first = 0; // nothing but background: any place will do, objdump knows this one as mov
    }
    long loaded = (long) chunk(value, first) << 16 * first;
    if (inverted) {
      loaded |= ~(0xffffL << 16 * first);
    }
    String start = " " + to.name64 + ", #0x";
    String text = "mov" + start + Long.toHexString(loaded);
    int register = orZero(to, text);
    int pattern = inverted ? 0x92800000 : 0xd2800000; // MOVN or MOVZ
    int field = chunk(value, first) ^ background;
    word(pattern | register | field << 5 | first << 21, text, why);
    for (int i = first + 1; i < CHUNKS; i++) {
      int rest = chunk(value, i);
      if (rest != background) {
        word(
            0xf2800000 | register | rest << 5 | i << 21,
            "movk" + start + Integer.toHexString(rest) + ", lsl #" + 16 * i);
      }
    }
  }

  /** FMOV (general): from a general register, bit for bit. */
  public void fmov(VReg to, Reg from, String... why) {
    String text = "fmov " + to.text + ", " + from.name64;
    word(0x9e670000 | to.number | orZero(from, text) << 5, text, why);
  }

  /** FMOV (general): to a general register, bit for bit. */
  public void fmov(Reg to, VReg from, String... why) {
    String text = "fmov " + to.name64 + ", " + from.text;
    word(0x9e660000 | orZero(to, text) | from.number << 5, text, why);
  }

  // Arithmetic and logic. An immediate is 0 to 4095, or that times 4096.

  /** ADD (immediate). */
  public void add(Reg to, Reg left, int right, String... why) {
    String text = "add " + to.name64 + ", " + left.name64 + ", " + immediateText(right);
    int registers = orSp(to, text) | orSp(left, text) << 5;
    // The same word as mov(to, left), and so disassembled, when SP is among them.
    boolean move = right == 0 && (to == Reg.SP || left == Reg.SP);
    String shown = move ? "mov " + to.name64 + ", " + left.name64 : text;
    word(0x91000000 | registers | immediate(right, text), shown, why);
  }

  /** SUB (immediate). */
  public void sub(Reg to, Reg left, int right, String... why) {
    String text = "sub " + to.name64 + ", " + left.name64 + ", " + immediateText(right);
    int registers = orSp(to, text) | orSp(left, text) << 5;
    word(0xd1000000 | registers | immediate(right, text), text, why);
  }

  /** ADD (shifted register), by no shift. */
  public void add(Reg to, Reg left, Reg right, String... why) {
    String text = "add " + to.name64 + ", " + left.name64 + ", " + right.name64;
    int registers = orZero(to, text) | orZero(left, text) << 5 | orZero(right, text) << 16;
    word(0x8b000000 | registers, text, why);
  }

  /**
   * UBFIZ, which is UBFM: the lowest bits of a register, shifted left, and zeros.
   *
   * @param shift by how much, from 1 to 63
   * @param bits how many, from 1 to 64 - shift
   */
  public void ubfiz(Reg to, Reg from, int shift, int bits, String... why) {
    String text = "ubfiz " + to.name64 + ", " + from.name64 + ", #" + shift + ", #" + bits;
    require(
        shift > 0 && bits > 0 && shift + bits < Long.SIZE,
        text,
        "the shift, the number of bits and what remains are positive");
    int registers = orZero(to, text) | orZero(from, text) << 5;
    word(0xd3400000 | registers | Long.SIZE - shift << 16 | bits - 1 << 10, text, why);
  }

  /** EOR (shifted register), by no shift. */
  public void eor(Reg to, Reg left, Reg right, String... why) {
    String text = "eor " + to.name64 + ", " + left.name64 + ", " + right.name64;
    int registers = orZero(to, text) | orZero(left, text) << 5 | orZero(right, text) << 16;
    word(0xca000000 | registers, text, why);
  }

  /** CMP (shifted register), by no shift: SUBS to the zero register. */
  public void cmp(Reg left, Reg right, String... why) {
    String text = "cmp " + left.name64 + ", " + right.name64;
    word(0xeb00001f | orZero(left, text) << 5 | orZero(right, text) << 16, text, why);
  }

  /** CMP (immediate): SUBS to the zero register. */
  public void cmp(Reg left, int right, String... why) {
    String text = "cmp " + left.name64 + ", " + immediateText(right);
    word(0xf100001f | orSp(left, text) << 5 | immediate(right, text), text, why);
  }

  /**
   * ADR: the address of this instruction plus a distance of up to 1 MiB either way.
   *
   * @param distance in bytes
   */
  public void adr(Reg to, int distance, String... why) {
    String text = "adr " + to.name64 + ", 0x" + Long.toHexString((long) size() + distance);
    require(distance >= -(1 << 20) && distance < 1 << 20, text, "the distance is below 1 MiB");
    int immediate = (distance & 3) << 29 | (distance >> 2 & 0x7ffff) << 5;
    word(0x10000000 | orZero(to, text) | immediate, text, why);
  }

  // System registers: MRS and MSR (register), with op0:op1:CRn:CRm:op2 in bits 19:5

  /** MRS from TPIDR_EL0 (3, 3, c13, c0, 2), the thread pointer. */
  public void mrsTpidr(Reg to, String... why) {
    String text = "mrs " + to.name64 + ", tpidr_el0";
    word(0xd53bd040 | orZero(to, text), text, why);
  }

  /** MSR to TPIDR_EL0 (3, 3, c13, c0, 2), the thread pointer. */
  public void msrTpidr(Reg from, String... why) {
    String text = "msr tpidr_el0, " + from.name64;
    word(0xd51bd040 | orZero(from, text), text, why);
  }

  /** MRS from FPCR (3, 3, c4, c4, 0), floating-point control. */
  public void mrsFpcr(Reg to, String... why) {
    String text = "mrs " + to.name64 + ", fpcr";
    word(0xd53b4400 | orZero(to, text), text, why);
  }

  /** MSR to FPCR (3, 3, c4, c4, 0), floating-point control. */
  public void msrFpcr(Reg from, String... why) {
    String text = "msr fpcr, " + from.name64;
    word(0xd51b4400 | orZero(from, text), text, why);
  }

  // Control flow

  /** B. */
  public void b(Label target, String... why) {
    branch(0x14000000, "b ", target, why);
  }

  /** B.cond, EQ. */
  public void beq(Label target, String... why) {
    branch(0x54000000, "b.eq ", target, why);
  }

  /** B.cond, NE. */
  public void bne(Label target, String... why) {
    branch(0x54000001, "b.ne ", target, why);
  }

  /** B.cond, HI: higher as unsigned numbers. */
  public void bhi(Label target, String... why) {
    branch(0x54000008, "b.hi ", target, why);
  }

  /** B.cond, LO: lower as unsigned numbers; objdump prefers the name CC, carry clear. */
  public void blo(Label target, String... why) {
    branch(0x54000003, "b.cc ", target, why);
  }

  /** CBZ. */
  public void cbz(Reg register, Label target, String... why) {
    compareAndBranch("cbz ", 0x34000000, W64, register, target, why);
  }

  /** CBZ, 32 bits. */
  public void cbz32(Reg register, Label target, String... why) {
    compareAndBranch("cbz ", 0x34000000, W32, register, target, why);
  }

  /** CBNZ. */
  public void cbnz(Reg register, Label target, String... why) {
    compareAndBranch("cbnz ", 0x35000000, W64, register, target, why);
  }

  /** CBNZ, 32 bits. */
  public void cbnz32(Reg register, Label target, String... why) {
    compareAndBranch("cbnz ", 0x35000000, W32, register, target, why);
  }

  /** BL. */
  public void bl(Label target, String... why) {
    branch(0x94000000, "bl ", target, why);
  }

  /** BLR. */
  public void blr(Reg target, String... why) {
    String text = "blr " + target.name64;
    word(0xd63f0000 | orZero(target, text) << 5, text, why);
  }

  /** BR. */
  public void br(Reg target, String... why) {
    String text = "br " + target.name64;
    word(0xd61f0000 | orZero(target, text) << 5, text, why);
  }

  /** RET, to X30. */
  public void ret(String... why) {
    word(0xd65f03c0, "ret", why);
  }

  /** BTI c, the landing pad of an indirect call: hint 34, a no-op on older processors. */
  public void btiC(String... why) {
    word(0xd503245f, "bti c", why);
  }

  /** SVC with 0, as Linux wants it. */
  public void svc(String... why) {
    word(0xd4000001, "svc #0x0", why);
  }

  /** BRK: a breakpoint exception. */
  public void brk(int code, String... why) {
    String text = "brk #0x" + Integer.toHexString(code);
    require16Bits(code, text);
    word(0xd4200000 | code << 5, text, why);
  }

  /** UDF: permanently undefined. */
  public void udf(int code, String... why) {
    String text = "udf #" + code;
    require16Bits(code, text);
    word(code, text, why);
  }

  /** Between routines stands UDF. */
  @Override
  void pad() {
    udf(0);
  }

  /** Branches count words from their own place: imm26 in B and BL, imm19 at bit 5 in the others. */
  @Override
  void patch(int at, Label target) {
    int word = read32(at);
    int distance = (target.offset() - at) / Integer.BYTES;
    boolean unconditional = (word & 0x7c000000) == 0x14000000;
    int bits = unconditional ? 26 : 19;
    if (distance >> (bits - 1) != 0 && distance >> (bits - 1) != -1) {
      throw new IllegalStateException(
          "the branch at 0x%x does not reach %s at 0x%x"
              .formatted(at, target.name(), target.offset()));
    }
    int field = distance & ((1 << bits) - 1);
    write32(at, word | (unconditional ? field : field << 5));
  }

  // Encoding

  private enum Indexing {
    OFFSET,
    PRE,
    POST
  }

  private void word(int word, String text, String... why) {
    emit32(word);
    line(text, why);
  }

  private void pair(
      String mnemonic,
      int pattern,
      Reg first,
      Reg second,
      Reg base,
      int offset,
      Indexing indexing,
      String... why) {
    String text =
        mnemonic
            + " "
            + first.name64
            + ", "
            + second.name64
            + ", "
            + address(base, offset, indexing);
    boolean load = (pattern & 1 << 22) != 0;
    // Both are CONSTRAINED UNPREDICTABLE.
    require(!load || first != second, text, "a pair is loaded into two registers");
    require(
        indexing == Indexing.OFFSET || (base != first && base != second),
        text,
        "the base that moves is not one of the pair");
    int registers = orZero(first, text) | orZero(second, text) << 10;
    word(pattern | registers | orSp(base, text) << 5 | pairOffset(offset, text), text, why);
  }

  private void pair(
      String mnemonic, int pattern, VReg first, VReg second, Reg base, int offset, String... why) {
    String text =
        mnemonic
            + " "
            + first.text
            + ", "
            + second.text
            + ", "
            + address(base, offset, Indexing.OFFSET);
    boolean load = (pattern & 1 << 22) != 0;
    require(!load || first != second, text, "a pair is loaded into two registers");
    int registers = first.number | second.number << 10;
    word(pattern | registers | orSp(base, text) << 5 | pairOffset(offset, text), text, why);
  }

  /** imm7 in bits 21:15, in units of 8 bytes. */
  private static int pairOffset(int offset, String text) {
    require(
        offset % 8 == 0 && offset >= -512 && offset <= 504,
        text,
        "the offset is a multiple of 8 from -512 to 504");
    return (offset / 8 & 0x7f) << 15;
  }

  private void single(
      String mnemonic,
      int pattern,
      boolean wide,
      Reg register,
      Reg base,
      int offset,
      String... why) {
    String start = mnemonic + " " + register.name(wide);
    int number = orZero(register, start + ", " + address(base, offset, Indexing.OFFSET));
    single(start, pattern, wide ? Long.BYTES : Integer.BYTES, number, base, offset, why);
  }

  /** imm12 in bits 21:10, in units of the operand's size. */
  private void single(
      String start, int pattern, int size, int register, Reg base, int offset, String... why) {
    String text = start + ", " + address(base, offset, Indexing.OFFSET);
    require(
        offset % size == 0 && offset >= 0 && offset <= 4095 * size,
        text,
        "the offset is a multiple of " + size + " from 0 to " + 4095 * size);
    word(pattern | register | orSp(base, text) << 5 | offset / size << 10, text, why);
  }

  private void ordered(String mnemonic, int pattern, Reg register, Reg base, String... why) {
    String text = mnemonic + " " + register.name32 + ", [" + base.name64 + "]";
    word(pattern | orZero(register, text) | orSp(base, text) << 5, text, why);
  }

  /** The base in brackets and its offset; a plain offset of zero is left out, as in objdump. */
  private static String address(Reg base, int offset, Indexing indexing) {
    return switch (indexing) {
      case OFFSET ->
          offset == 0 ? "[" + base.name64 + "]" : "[" + base.name64 + ", #" + offset + "]";
      case PRE -> "[" + base.name64 + ", #" + offset + "]!";
      case POST -> "[" + base.name64 + "], #" + offset;
    };
  }

  /** One of the pieces of 16 bits that a constant is loaded by, the lowest first. */
  private static int chunk(long value, int i) {
    return (int) (value >>> 16 * i) & 0xffff;
  }

  /** imm12 in bits 21:10, and in bit 22 whether it is shifted left by 12. */
  private static int immediate(int value, String text) {
    require(
        (value & ~0xfff) == 0 || (value & ~0xfff000) == 0,
        text,
        "the immediate is 0 to 4095, or that times 4096");
    return value <= 0xfff ? value << 10 : 1 << 22 | value >> 12 << 10;
  }

  private static String immediateText(int value) {
    boolean shifted = value > 0xfff && (value & 0xfff) == 0;
    return "#0x"
        + Integer.toHexString(shifted ? value >> 12 : value)
        + (shifted ? ", lsl #12" : "");
  }

  private void branch(int pattern, String start, Label target, String... why) {
    reference(size(), target);
    word(pattern, start + target.name(), why);
  }

  private void compareAndBranch(
      String start, int pattern, boolean wide, Reg register, Label target, String... why) {
    String text = start + register.name(wide) + ", ";
    int number = orZero(register, text + target.name());
    branch((wide ? SF : 0) | pattern | number, text, target, why);
  }

  /** The number of a register where 31 means XZR. */
  private static int orZero(Reg register, String text) {
    require(register != Reg.SP, text, "SP is not allowed here: 31 is XZR");
    return register.number;
  }

  /** The number of a register where 31 means SP. */
  private static int orSp(Reg register, String text) {
    require(register != Reg.XZR, text, "XZR is not allowed here: 31 is SP");
    return register.number;
  }

  private static void require16Bits(int value, String text) {
    require(value >= 0 && value <= 0xffff, text, "the code is 0 to 65535");
  }
}
