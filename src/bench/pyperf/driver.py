"""Lists a pyperf script's benchmarks, or passes over all but the one that is wanted; the rest is pyperf's own."""

import json
import os
import runpy
import sys

import pyperf

mode, wanted, script = sys.argv[1:4]
sys.argv = sys.argv[3:]
# As python does for the script it is given.
sys.path[0] = os.path.dirname(os.path.abspath(script))


def narrowed(method):
    def call(self, name, *arguments, **named):
        name = str(name).strip()
        if mode == "list":
            print("pyperf: " + json.dumps(name), flush=True)
        elif name == wanted:
            return method(self, name, *arguments, **named)
        return None

    return call


for word in ("bench_func", "bench_async_func", "bench_time_func", "timeit", "bench_command"):
    if hasattr(pyperf.Runner, word):
        setattr(pyperf.Runner, word, narrowed(getattr(pyperf.Runner, word)))
runpy.run_path(script, run_name="__main__")
