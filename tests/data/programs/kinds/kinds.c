/* Programs of six kinds: what each does to a clock decides how it is to be measured. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* One unit of work takes about a millisecond. */
static uint64_t work(long units)
{
    uint64_t x = 88172645463325252ULL;
    for (long i = 0; i < units * 400000; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    return x;
}

static void *thread(void *units)
{
    return (void *)(uintptr_t)work(*(long *)units);
}

int main(int count, char **words)
{
    const char *kind = count > 1 ? words[1] : "";
    long n = count > 2 ? atol(words[2]) : 1;
    uint64_t x = 0;

    if (strcmp(kind, "plain") == 0) {
        x = work(n);
    } else if (strcmp(kind, "threaded") == 0) {
        pthread_t other;
        pthread_create(&other, NULL, thread, &n);
        x = work(n);
        pthread_join(other, NULL);
    } else if (strcmp(kind, "sleeping") == 0) {
        struct timespec pause = {0, 5 * 1000 * 1000};
        for (long i = 0; i < n; i++) {
            x ^= work(1);
            nanosleep(&pause, NULL);
        }
    } else if (strcmp(kind, "forking") == 0) {
        for (long i = 0; i < n; i++) {
            pid_t child = fork();
            if (child == 0)
                _exit((int)(work(5) & 1));
            waitpid(child, NULL, 0);
        }
    } else if (strcmp(kind, "short") == 0) {
        x = work(2);
    } else if (strcmp(kind, "long") == 0) {
        x = work(20000);
    } else if (strcmp(kind, "heavy-start") == 0) {
        x = work(400) ^ work(n);
    } else {
        fprintf(stderr, "unknown kind %s\n", kind);
        return 2;
    }
    printf("%llu\n", (unsigned long long)(x & 1));
    return 0;
}
