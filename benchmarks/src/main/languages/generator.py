"""Round trips by a generator's send and yield, which has no stack of its own."""

from measure import measure


def echo():
    value = None
    while True:
        value = yield value


def trips(count):
    send = generator.send
    total = 0
    for i in range(count):
        total += send(i)
    return total


generator = echo()
next(generator)
measure(trips)
