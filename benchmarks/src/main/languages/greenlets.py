"""Round trips by greenlet's switch."""

from greenlet import getcurrent, greenlet

from measure import measure

resumer = getcurrent()


def echo(value):
    switch = resumer.switch
    while True:
        value = switch(value)


def trips(count):
    switch = body.switch
    total = 0
    for i in range(count):
        total += switch(i)
    return total


body = greenlet(echo)
measure(trips)
