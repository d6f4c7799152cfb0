#!/usr/bin/env python3
import google_benchmark as benchmark


@benchmark.register
def work(state):
    while state:
        sum(range(1000))


benchmark.main()
