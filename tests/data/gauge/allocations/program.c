#include <stdio.h>
#include <stdlib.h>
int main(void) {
    unsigned long sum = 0;
    for (int i = 0; i < 1000; i++) {
        char *block = malloc(32 + i % 8);
        block[0] = (char)i;
        for (int j = 0; j < 200; j++) sum += (unsigned long)block[0] * j;
        free(block);
    }
    printf("%lu\n", sum);
    return 0;
}
