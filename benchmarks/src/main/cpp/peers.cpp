// What the benchmarks of foreign coroutines are measured with: round trips that never leave C++, by
// Boost.Context's fiber and by Stackful's own routine.
#include <boost/context/fiber.hpp>

extern "C" {

// Resumes a fiber so many times, which hands control back at once.
long boost_round_trips(long count) {
  namespace context = boost::context;
  bool ending = false;
  long seen = 0;
  context::fiber fiber{[&](context::fiber &&resumer) {
    while (!ending) {
      seen++;
      resumer = std::move(resumer).resume();
    }
    return std::move(resumer);
  }};
  for (long i = 0; i < count; i++) {
    fiber = std::move(fiber).resume();
  }
  ending = true;
  fiber = std::move(fiber).resume();
  return seen;
}

// The same by Stackful's routine, for a coroutine that runs echo below.
void stackful_round_trips(void (*resume)(void *), void *context, long count) {
  for (long i = 0; i < count; i++) {
    resume(context);
  }
}

// Yields what it was answered, for ever.
void echo(long (*yield)(long)) {
  long value = 0;
  for (;;) {
    value = yield(value);
  }
}
}
