#define _GNU_SOURCE

/* What the tests of dev.stackful.foreign call on coroutines' stacks. */

#include <execinfo.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int64_t (*yield_function)(int64_t);

/* 0, 1, ... limit - 1, each yielded; the sum of the answers. */
int64_t count_up(yield_function yield, int64_t limit) {
  int64_t sum = 0;
  for (int64_t i = 0; i < limit; i++) {
    sum += yield(i);
  }
  return sum;
}

/* Frames of 100 bytes and more, as deep as asked; yields at the bottom. */
__attribute__((noinline)) int64_t recurse(yield_function yield, int64_t depth) {
  volatile char frame[100];
  memset((char *)frame, (int)depth, sizeof frame);
  int64_t below = depth == 0 ? yield(0) : recurse(yield, depth - 1);
  for (size_t i = 0; i < sizeof frame; i++) {
    if (frame[i] != (char)depth) {
      return -1;
    }
  }
  return below + 1;
}

/* The address of a local variable, for the test to compare with the stack's bounds. */
int64_t stack_address(void) {
  volatile char here = 0;
  return (int64_t)(uintptr_t)&here;
}

/* Six integers and eight doubles, in registers on every system. */
double sum_of_all(int64_t a, int32_t b, int16_t c, int8_t d, uint16_t e, bool f, double g, float h,
                  double i, float j, double k, float l, double m, float n) {
  return (double)a + b * 2.0 + c * 3.0 + d * 4.0 + e * 5.0 + f * 6.0 + g * 7 + h * 8 + i * 9 +
         j * 10 + k * 11 + l * 12 + m * 13 + n * 14;
}

/* The same arguments, from a callback's side. */
typedef void (*all_function)(int64_t, int32_t, int16_t, int8_t, uint16_t, bool, double, float, double,
                             float, double, float, double, float);
void pass_all(all_function f) {
  f(INT64_MIN, INT32_MIN, INT16_MIN, INT8_MIN, UINT16_MAX, true, 1.5, 2.5f, 3.5, 4.5f, 5.5, 6.5f, 7.5,
    8.5f);
}

/* Arguments of every type at each position, handed on to a callback. */
#define CALLS(name, type)                                                                        \
  typedef type (*name##_function)(type, type, type, type, type, type);                           \
  type pass_##name(name##_function f, type *v) {                                           \
    return f(v[0], v[1], v[2], v[3], v[4], v[5]);                                                \
  }

CALLS(bool, bool)
CALLS(byte, int8_t)
CALLS(short, int16_t)
CALLS(char, uint16_t)
CALLS(int, int32_t)
CALLS(long, int64_t)
CALLS(address, void *)

#define FP_CALLS(name, type)                                                                     \
  typedef type (*name##_function)(type, type, type, type, type, type, type, type);               \
  type pass_##name(name##_function f, type *v) {                                           \
    return f(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]);                                    \
  }

FP_CALLS(float, float)
FP_CALLS(double, double)

/* Eight integers: in registers on AArch64 only. */
int64_t weigh(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g, int64_t h) {
  return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h;
}

typedef int64_t (*eight_function)(int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t,
                                  int64_t);
int64_t pass_eight(eight_function f) { return f(1, 2, 3, 4, 5, 6, 7, 8); }

/* The whole register is garbage but for the value: what a caller may leave there. */
typedef int64_t (*raw_function)(int64_t, int64_t, int64_t, int64_t);
int64_t pass_garbage(raw_function f, uint64_t garbage, uint64_t value) {
  return f((int64_t)((garbage << 8) | (value & 0xff)), (int64_t)((garbage << 16) | (value & 0xffff)),
           (int64_t)((garbage << 32) | (value & 0xffffffff)), (int64_t)value);
}

/* Integers and floats mixed: each kind counts its own registers. */
typedef double (*mixed_function)(int32_t, double, void *, float, int64_t, double);
double pass_mixed(mixed_function f) {
  static int32_t target = 77;
  return f(-1, 2.5, &target, 3.5f, INT64_MIN, -4.25) + 0.5;
}

/* What a return register holds beyond the value: by the ABI nothing to rely on, by habit extended. */
typedef int64_t (*extended_function)(void);
int64_t returned_register(extended_function f) { return f(); }

/* Two callbacks, as a parser has. */
int32_t parse(const char *text, void (*begin)(int32_t), void (*end)(int32_t), void *(*data)(char)) {
  int32_t depth = 0;
  for (; *text; text++) {
    if (*text == '(') {
      begin(depth++);
    } else if (*text == ')') {
      end(--depth);
    } else if (data(*text) == NULL) {
      return -1;
    }
  }
  return depth;
}

/* A longjmp over frames of the coroutine's own stack, across a yield. */
static __thread jmp_buf env;

__attribute__((noinline)) static void jump_after(yield_function yield, int64_t depth) {
  volatile char frame[64] = {0};
  if (depth == 0) {
    yield(1);
    longjmp(env, 42);
  }
  jump_after(yield, depth - 1);
  frame[0]++;
}

int32_t jump(yield_function yield) {
  int code = setjmp(env);
  if (code == 0) {
    jump_after(yield, 10);
    return -1;
  }
  yield(2);
  return code;
}

/* How many frames backtrace() finds above us; -1 if there are too many to be ours. */
__attribute__((noinline)) int32_t count_frames(int32_t depth) {
  if (depth > 0) {
    volatile int32_t below = count_frames(depth - 1);
    return below;
  }
  void *frames[64];
  int found = backtrace(frames, 64);
  return found == 64 ? -1 : found;
}

/* The same by frame pointers, which end with zero; -1 if the chain doesn't end. */
__attribute__((noinline, optimize("no-omit-frame-pointer"))) int32_t count_frame_pointers(void) {
  void **frame = __builtin_frame_address(0);
  for (int32_t i = 0; i < 64; i++) {
    if (frame == NULL) {
      return i;
    }
    frame = *frame;
  }
  return -1;
}

/* fesetround, without its library. The modes are those of fenv.h. */
void set_rounding(int mode) {
#if defined(__x86_64__)
  uint32_t mxcsr;
  __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
  mxcsr = (mxcsr & ~0x6000u) | (uint32_t)mode << 3;
  __asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
#else
  uint64_t fpcr;
  __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
  fpcr = (fpcr & ~0xc00000ul) | (uint64_t)mode;
  __asm__ volatile("msr fpcr, %0" : : "r"(fpcr));
#endif
}

/* 1 / 3 in a rounding mode that is set before a yield; -1 if it changes. FE_TONEAREST is 0. */
double third(yield_function yield, int mode) {
  volatile double one = 1;
  volatile double three = 3;
  if (mode != 0) {
    set_rounding(mode);
  }
  double before = one / three;
  yield(0);
  double after = one / three;
  return before == after ? before : -1;
}

/* Touches its whole stack, downwards, until there is no more. */
__attribute__((noinline)) int64_t overflow(volatile int64_t depth) {
  volatile char frame[200];
  frame[0] = (char)depth;
  return overflow(depth + 1) + frame[0];
}

/* One frame that is larger than the stack, touched at its lowest address only. */
__attribute__((noinline)) int64_t giant_frame(int64_t size) {
  volatile char *frame = __builtin_alloca((size_t)size);
  frame[0] = 1;
  return frame[0];
}

/* Calls a function without arguments; not by a tail call, so that it stands on our stack. */
int32_t call(int32_t (*function)(void)) {
  volatile int32_t result = function();
  return result;
}

/* The same with a function that stands in memory. */
int32_t call_through(int32_t (**function)(void)) { return call(*function); }

/* Much work between two yields. */
int64_t work(yield_function yield, int64_t yields, int64_t steps) {
  volatile int64_t sum = 0;
  for (int64_t i = 0; i < yields; i++) {
    for (int64_t j = 0; j < steps; j++) {
      sum += j;
    }
    yield(i);
  }
  return sum;
}

static void report_fault(int signal, siginfo_t *info, void *context) {
  char text[100];
  int length = snprintf(text, sizeof text, "fault %d at %lx\n", signal, (unsigned long)info->si_addr);
  (void)context;
  (void)!write(STDOUT_FILENO, text, (size_t)length);
  _exit(42);
}

/* On a stack of the handler's own: the one that faulted has no room left. */
void catch_faults(void) {
  stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};
  sigaltstack(&stack, NULL);
  struct sigaction action = {.sa_sigaction = report_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  int signals[] = {SIGSEGV, SIGILL, SIGTRAP};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
    sigaction(signals[i], &action, NULL);
  }
}
