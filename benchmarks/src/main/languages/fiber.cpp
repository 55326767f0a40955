// Round trips by Boost.Context's fiber.
#include "measure.h"
#include <boost/context/fiber.hpp>

namespace context = boost::context;

int main() {
  long transfer = 0;
  context::fiber fiber{[&](context::fiber &&resumer) {
    for (;;) {
      resumer = std::move(resumer).resume();
    }
    return std::move(resumer);
  }};
  measure([&](long count) {
    long sum = 0;
    for (long i = 0; i < count; i++) {
      transfer = i;
      fiber = std::move(fiber).resume();
      sum += transfer;
    }
    return sum;
  });
}
