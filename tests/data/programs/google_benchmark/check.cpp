#include "work.h"
#include <cstring>

int main(int, char** argv) {
    if (!std::strcmp(argv[1], "zero")) return work(0) != 0;
    if (!std::strcmp(argv[1], "known")) return work(1) == 1;
    return 77;
}
