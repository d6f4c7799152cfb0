/* Adds to `steps` what it costs. */
unsigned long work(long *steps);
void count(const char *what);
