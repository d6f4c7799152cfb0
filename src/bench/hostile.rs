//! Bytes that no reader may trust, for tests: real outputs cut off, two mixed line by line, noise in between.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::model::bench::Told;
use crate::model::parse::ParseError;

/// Pieces of `samples`, mixtures of two of them, and noise.
pub(super) fn hostile(samples: &'static [&'static [u8]]) -> impl Strategy<Value = Vec<u8>> {
    let piece = (select(samples), any::<(Index, Index)>()).prop_map(|(sample, (one, other))| {
        let (one, other) = (one.index(sample.len() + 1), other.index(sample.len() + 1));
        sample[one.min(other)..one.max(other)].to_vec()
    });
    let truncated = (select(samples), any::<Index>())
        .prop_map(|(sample, end)| sample[..end.index(sample.len() + 1)].to_vec());
    let mixed =
        (select(samples), select(samples), vec(any::<bool>(), 1..60)).prop_map(|(one, other, turns)| {
            let mut lines = [one, other].map(|text| text.split_inclusive(|byte| *byte == b'\n'));
            turns.into_iter().filter_map(|turn| lines[usize::from(turn)].next()).flatten().copied().collect()
        });
    let noise = vec(any::<u8>(), 0..40);
    let one = prop_oneof![piece, truncated, mixed, noise];
    vec(one, 1..5).prop_map(|pieces| pieces.concat())
}

/// What was read is costs of `case`, or an error that says who read it and where.
pub(super) fn holds(harness: &str, case: &str, read: Result<Vec<Told>, ParseError>) {
    match read {
        Ok(told) => {
            assert_eq!(told.len(), 1);
            assert_eq!(told[0].benchmark.as_str(), case);
            assert!(told[0].value.is_some_and(|value| value.is_finite() && value > 0.0), "{told:?}");
        }
        Err(error) => {
            let message = error.to_string();
            let place = message.strip_prefix(&format!("{harness}: ")).unwrap_or_else(|| panic!("{message}"));
            assert!(place.starts_with("line ") || place.starts_with("the whole output: "), "{message}");
        }
    }
}
