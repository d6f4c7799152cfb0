//! Counts words, slowly.
//!
//! ```
//! assert_eq!(sample::count("a b a")["a"], 2);
//! ```

use std::collections::HashMap;

pub mod words;

/// How often each word occurs.
///
/// ```
/// assert!(sample::count("").is_empty());
/// ```
///
/// ```no_run
/// sample::count("x");
/// ```
#[inline(never)]
pub fn count(input: &str) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for word in input.split_whitespace() {
        *counts.entry(words::normalise(word)).or_insert(0) += 1;
    }
    counts
}

/// Recursive.
#[inline(never)]
pub fn depth(n: u32) -> u32 {
    if n == 0 { 0 } else { 1 + std::hint::black_box(depth(n - 1)) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_counts() {
        assert_eq!(super::count("a b a")["a"], 2);
    }

    #[test]
    #[ignore = "needs net"]
    fn it_is_ignored() {}

    #[test]
    #[should_panic]
    fn it_panics() {
        let empty: Vec<u32> = Vec::new();
        println!("{}", empty[0]);
    }

    #[test]
    fn it_fails_if_told() {
        assert!(std::env::var_os("FAIL").is_none(), "told to fail");
    }
}
