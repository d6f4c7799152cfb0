use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use std::hint::black_box;

fn steps(c: &mut Criterion) {
    c.bench_function("work", |b| b.iter(|| work::work(black_box(88172645463325252))));
    let mut group = c.benchmark_group("seeds");
    for seed in [1u64, 7] {
        group.bench_with_input(BenchmarkId::new("from input", seed), &seed, |b, seed| {
            b.iter_batched(|| *seed, |seed| work::work(black_box(seed)), BatchSize::SmallInput);
        });
    }
    group.finish();
}

criterion_group!(benches, steps);
criterion_main!(benches);
