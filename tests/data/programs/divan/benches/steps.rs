#[global_allocator]
static COUNTED: divan::AllocProfiler = divan::AllocProfiler::system();

fn main() {
    divan::main();
}

#[divan::bench]
fn work() -> u64 {
    work::work(divan::black_box(88172645463325252))
}

#[divan::bench(counters = [divan::counter::BytesCount::new(4096u32)])]
fn grows() -> Vec<u8> {
    vec![1; divan::black_box(4096)]
}

mod seeds {
    #[divan::bench(args = [1, 7], max_time = 0.001)]
    fn from_input(bencher: divan::Bencher, seed: u64) {
        bencher.with_inputs(|| seed).bench_values(|seed| work::work(divan::black_box(seed)));
    }

    #[divan::bench(threads = [1, 2])]
    fn threads() -> u64 {
        work::work(divan::black_box(3))
    }

    #[divan::bench]
    #[ignore]
    fn ignored() {}
}
