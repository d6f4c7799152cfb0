import pyperf

from generator import work

runner = pyperf.Runner()
runner.bench_func("work", work, 88172645463325252)
runner.timeit("sum of 100", stmt="sum(range(100))")
