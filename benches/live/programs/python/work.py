"""Steps of a generator, one depending on the other."""

import sys

STEPS = 100000


def work(x):
    for _ in range(STEPS):
        x ^= (x << 13) & 0xFFFFFFFF
        x ^= x >> 17
        x ^= (x << 5) & 0xFFFFFFFF
    return x


if __name__ == "__main__":
    x = 2463534242
    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 0):
        x = work(x)
    print(x)
