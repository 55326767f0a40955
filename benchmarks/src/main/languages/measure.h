// What all programs in C++ do with their round trips: warm up, then print how many nanoseconds of
// processor time one takes.
#include <cstdio>
#include <cstdlib>
#include <ctime>

static double seconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

// trips: makes so many round trips with the numbers from 0, and returns the sum of what came back.
template <typename Trips> static void measure(Trips trips) {
  for (long count = 1000;; count *= 2) {
    double before = seconds();
    long sum = trips(count);
    double took = seconds() - before;
    if (sum != count * (count - 1) / 2) {
      fprintf(stderr, "the sum is %ld\n", sum);
      exit(1);
    }
    if (took >= 0.3) {
      printf("%.2f\n", took / count * 1e9);
      return;
    }
  }
}
