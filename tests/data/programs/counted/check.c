#include <time.h>
#include <stdio.h>
#include "work.h"

int main(void) {
    long steps = 0;
    count("suite");
    unsigned long answer = work(&steps);
    printf("work is %lu\n", answer);
    return answer != 17660865281050590889UL;
}
