cc -O2 -o check work.c && test "$(./check 0)" = 88172645463325252
