cc -O1 -o check check.c work.c count.c && ./check
