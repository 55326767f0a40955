// Round trips by POSIX's swapcontext, which asks the kernel for the signal mask at each switch.
#include "measure.h"
#include <cstdlib>
#include <ucontext.h>

static ucontext_t resumer, coroutine;
static long transfer;

static void body() {
  for (;;) {
    swapcontext(&coroutine, &resumer);
  }
}

int main() {
  const size_t size = 64 * 1024;
  getcontext(&coroutine);
  coroutine.uc_stack.ss_sp = malloc(size);
  coroutine.uc_stack.ss_size = size;
  coroutine.uc_link = nullptr;
  makecontext(&coroutine, body, 0);
  measure([&](long count) {
    long sum = 0;
    for (long i = 0; i < count; i++) {
      transfer = i;
      swapcontext(&resumer, &coroutine);
      sum += transfer;
    }
    return sum;
  });
}
