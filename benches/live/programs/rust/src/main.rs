//! Runs the workload as often as is asked, for hyperfine: see `benches/live`.

fn main() {
    let n: u64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0);
    println!("{}", (0..n).fold(88172645463325252, |x, _| work::work(x)));
}
