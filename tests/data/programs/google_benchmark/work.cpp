// Steps of a generator, one depending on the other.
#include "work.h"

// The planted change: 80000 costs exactly a fifth less.
static constexpr int steps = 100000;

std::uint64_t work(std::uint64_t x) {
    for (int i = 0; i < steps; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    return x;
}
