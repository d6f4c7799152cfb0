/* Prints the steps that were done, give or take what a clock would add, and takes longer than the least launch. */
#include <stdio.h>
#include <time.h>
#include "work.h"

int main(int argc, char **argv) {
    count(argc > 1 ? argv[1] : "launch");
    if (argc > 1) return 0;
    long steps = 0;
    unsigned long answer = work(&steps);
    nanosleep(&(struct timespec){.tv_nsec = 22000000}, 0);
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    printf("METRIC steps=%ld.%03ld ns\n", steps + now.tv_nsec / 1000 % 8, now.tv_nsec % 1000);
    return answer == 0;
}
