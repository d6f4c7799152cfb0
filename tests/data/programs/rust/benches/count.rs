fn main() {
    let n: u64 = std::env::var("OPTILOOP_N").ok().and_then(|n| n.parse().ok()).unwrap_or(1000);
    let input = "The Quick brown fox JUMPS over The lazy Dog and Then sleeps ".repeat(50);
    let mut sum = 0;
    for _ in 0..n {
        sum += sample::count(std::hint::black_box(&input)).len();
        sum += sample::depth(20) as usize;
    }
    println!("{sum}");
}
