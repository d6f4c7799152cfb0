"""Steps of a generator, one depending on the other."""

STEPS = 100000  # The constant to change: 80000 costs exactly 20 % less.
MASK = 0xFFFFFFFFFFFFFFFF


def work(x):
    for _ in range(STEPS):
        x ^= (x << 13) & MASK
        x ^= x >> 7
        x ^= (x << 17) & MASK
    return x
