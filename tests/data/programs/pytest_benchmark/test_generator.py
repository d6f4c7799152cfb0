import os

import pytest

from generator import work

SEED = 88172645463325252
FAIL = "FAIL" in os.environ
TEARDOWN = "TEARDOWN" in os.environ


def test_zero_stays_zero():
    assert work(0) == 0


@pytest.mark.parametrize("word", ["a/b", "tab\there", "ü [x]"])
def test_words(word):
    assert word


class TestClass:
    def test_inside(self):
        print("ok 1 - not a result")

    @pytest.mark.skip(reason="by intent")
    def test_skipped(self):
        pass

    @pytest.mark.xfail(reason="known")
    def test_expected_to_fail(self):
        assert work(0) == 1


@pytest.fixture
def broken():
    yield
    assert not TEARDOWN


def test_torn_down(broken):
    assert not FAIL, "asked to </testcase> fail"


def test_work(benchmark):
    benchmark(work, SEED)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.benchmark(min_rounds=3, max_time=0.01)
def test_seeds(benchmark, seed):
    benchmark(work, seed)


def test_pedantic(benchmark):
    benchmark.pedantic(work, setup=lambda: ((SEED,), {}), rounds=3)


@pytest.mark.skip(reason="by intent")
def test_passed_over(benchmark):
    benchmark(work, SEED)


def test_unused(benchmark):
    pass
