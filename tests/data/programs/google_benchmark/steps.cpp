#include "work.h"
#include <benchmark/benchmark.h>

static void Work(benchmark::State& state) {
    std::uint64_t x = 88172645463325252u;
    for (auto _ : state) benchmark::DoNotOptimize(x = work(x));
}
BENCHMARK(Work);

static void FromInput(benchmark::State& state) {
    std::uint64_t x = state.range(0);
    for (auto _ : state) benchmark::DoNotOptimize(x = work(x));
}
BENCHMARK(FromInput)->Arg(1)->Arg(7)->Unit(benchmark::kMicrosecond);
BENCHMARK(FromInput)->Name("Pinned")->Arg(3)->Iterations(50);
BENCHMARK(FromInput)->Name("Repeated")->Arg(3)->Repetitions(2)->MinTime(0.01)->UseRealTime();

static void Fails(benchmark::State& state) {
    for (auto _ : state) state.SkipWithError("no input");
}
BENCHMARK(Fails);
