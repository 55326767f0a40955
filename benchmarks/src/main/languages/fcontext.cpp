// Round trips by Boost.Context's fcontext, the machine code under its fiber; its header is internal.
#include "measure.h"
#include <boost/context/detail/fcontext.hpp>
#include <cstdlib>

namespace ctx = boost::context::detail;

static void body(ctx::transfer_t from) {
  for (;;) {
    from = ctx::jump_fcontext(from.fctx, from.data);
  }
}

int main() {
  const size_t size = 64 * 1024;
  char *stack = static_cast<char *>(malloc(size));
  ctx::fcontext_t fiber = ctx::make_fcontext(stack + size, size, body);
  measure([&](long count) {
    long sum = 0;
    for (long i = 0; i < count; i++) {
      ctx::transfer_t back = ctx::jump_fcontext(fiber, reinterpret_cast<void *>(i));
      fiber = back.fctx;
      sum += reinterpret_cast<long>(back.data);
    }
    return sum;
  });
}
