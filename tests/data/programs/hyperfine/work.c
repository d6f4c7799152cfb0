// Steps of a generator, one depending on the other.
#include <stdint.h>
#include <stdio.h>

// The planted change: 80000 costs exactly a fifth less.
static const int steps = 100000;

static uint64_t work(uint64_t x) {
    for (int i = 0; i < steps; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    return x;
}

int main(void) {
    uint64_t x = 88172645463325252u;
    for (int n = 0; n < 100; n++) x = work(x);
    printf("%d\n", x != 0);
}
