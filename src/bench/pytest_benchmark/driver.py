"""Lists pytest-benchmark's benchmarks, or runs with as many iterations as it is told; arguments go to pytest.

Without it pytest-benchmark finds the iterations by the clock, so that two sides would do different work.
"""

import json
import sys

import pytest

mode, iterations, arguments = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
sys.argv = ["pytest", *arguments]


class Listing:
    def pytest_collection_finish(self, session):
        for item in session.items:
            if "benchmark" in getattr(item, "fixturenames", ()):
                print("\npytest-benchmark: " + json.dumps(item.nodeid), flush=True)


class FixedWork:
    def pytest_configure(self, config):
        from pytest_benchmark.fixture import BenchmarkFixture

        raw, pedantic = BenchmarkFixture._raw, BenchmarkFixture._raw_pedantic

        def one_round(self, *arguments, **named):
            self._min_rounds, self._max_time, self._warmup = 1, 0.0, False
            return raw(self, *arguments, **named)

        def as_many_rounds(self, target, **named):
            named.update(rounds=iterations, iterations=1, warmup_rounds=0)
            return pedantic(self, target, **named)

        BenchmarkFixture._raw = one_round
        BenchmarkFixture._raw_pedantic = as_many_rounds
        BenchmarkFixture._calibrate_timer = lambda self, runner: (1.0, iterations, range(iterations))


plugins = [Listing()] if mode == "list" else [FixedWork()] if iterations else []
code = pytest.main(arguments, plugins=plugins)
# Nothing collected is an answer to a question for what there is.
sys.exit(0 if mode == "list" and code == pytest.ExitCode.NO_TESTS_COLLECTED else code)
