"""What the programs in Python do with their round trips."""

import time


def measure(trips):
    """Warms up, then prints how many nanoseconds of processor time a round trip takes.

    trips makes so many with the numbers from 0, and returns the sum of what came back.
    """
    count = 1000
    while True:
        before = time.process_time()
        total = trips(count)
        took = time.process_time() - before
        assert total == count * (count - 1) // 2, total
        if took >= 0.3:
            print(f"{took / count * 1e9:.2f}")
            return
        count *= 2
