//! Steps of a generator, one depending on the other.

const STEPS: u32 = 100000;

/// The state after all steps.
pub fn work(mut x: u64) -> u64 {
    for _ in 0..STEPS {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    x
}

#[test]
fn zero_stays_zero() {
    assert_eq!(work(0), 0);
}
