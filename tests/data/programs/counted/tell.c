#include "work.h"

int main(int argc, char **argv) {
    for (int at = 1; at < argc; at++) count(argv[at]);
    return 0;
}
