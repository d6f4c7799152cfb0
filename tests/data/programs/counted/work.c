#include "work.h"

#define PASSES 5

unsigned long work(long *steps) {
    volatile unsigned long kept = 0;
    for (int pass = 0; pass < PASSES; pass++) {
        unsigned long x = 1;
        for (int i = 0; i < 1000; i++, ++*steps) x = x * 6364136223846793005UL + 1442695040888963407UL;
        kept = x;
    }
    return kept;
}
