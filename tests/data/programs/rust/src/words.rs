//! Words.

/// Lower case.
#[inline(never)]
pub fn normalise(word: &str) -> String {
    let mut out = String::new();
    for c in word.chars() {
        out = format!("{out}{}", c.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_counts() {
        assert_eq!(super::normalise("AbC"), "abc");
    }
}
