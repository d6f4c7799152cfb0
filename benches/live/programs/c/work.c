#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { STEPS = 100000 };

static uint64_t work(uint64_t x) {
    for (int step = 0; step < STEPS; step++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    return x;
}

int main(int argc, char **argv) {
    uint64_t x = 88172645463325252u;
    for (long n = argc > 1 ? atol(argv[1]) : 0; n > 0; n--) x = work(x);
    printf("%llu\n", (unsigned long long)x);
    return 0;
}
