//! Steps of a generator, one depending on the other.

/// The planted change: 80000 costs exactly a fifth less.
const STEPS: u32 = 100000;

pub fn work(mut x: u64) -> u64 {
    for _ in 0..STEPS {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    x
}

#[cfg(test)]
mod tests {
    #[test]
    fn zero_stays_zero() {
        assert_eq!(super::work(0), 0);
    }
}
