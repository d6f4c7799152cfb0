//! The coin that decides who runs first, and the order of benchmarks within a round.
//!
//! Both are keyed hashes of what is compared, so that they can be recomputed after a crash and
//! cannot be predicted by a candidate: with a known key one tree in 256 gets a no-op accepted in
//! 87 % of attempts. The key is drawn by the world from the operating system when the run starts;
//! it lives in the journal only. Start at [`CoinKey::order`].

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::pair::Order;

/// 128 secret bits of one run. `Debug` does not show them; serde writes hex, for the journal alone.
#[derive(Clone, PartialEq, Eq)]
pub struct CoinKey([u8; 16]);

/// Why a pair is run. Part of the coin: without it a confirmation would repeat the test's coins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ComparisonKind {
    /// The sequential test of a candidate against its base.
    Test,
    /// Fresh pairs under changed conditions after the test.
    Confirmation,
    /// The same again after a drift.
    SecondConfirmation,
    /// A comparison done once more, for example after a person landed a held candidate.
    Repeat,
    /// HEAD against ORIGINAL, to prove the goal.
    Goal,
    /// HEAD against ORIGINAL, for the reported number only.
    Final,
    /// A secondary benchmark or resource.
    Guard,
    /// Wall time run in the wait before the confirmation.
    WallGuard,
    /// Many benchmarks of two builds at once.
    Family,
    /// The original with itself, for its noise alone.
    Noise,
}

/// Which pair a coin is flipped for.
#[derive(Clone, Copy, Debug)]
pub struct Flip<'a> {
    /// Why the pair is run.
    pub kind: ComparisonKind,
    /// The benchmark's name.
    pub benchmark: &'a str,
    /// The candidate's tree id, in bytes.
    pub candidate_tree: &'a [u8],
    /// The pair's index, failed pairs counted.
    pub pair: u32,
}

/// Which round a benchmark order is drawn for.
#[derive(Clone, Copy, Debug)]
pub struct Round<'a> {
    /// Why the round is run.
    pub kind: ComparisonKind,
    /// The candidate's tree id, in bytes.
    pub candidate_tree: &'a [u8],
    /// The round's index.
    pub round: u32,
}

impl CoinKey {
    /// A key of 128 bits that the caller drew from the operating system.
    pub fn new(bits: [u8; 16]) -> Self {
        Self(bits)
    }

    /// Who runs first in this pair: one bit of the keyed hash.
    pub fn order(&self, flip: Flip<'_>) -> Order {
        let Flip { kind, benchmark, candidate_tree, pair } = flip;
        let digest = self.hash(b"coin", kind, &[benchmark.as_bytes(), candidate_tree], pair);
        if digest[0] & 1 == 0 { Order::BaseFirst } else { Order::CandidateFirst }
    }

    /// A random order of the benchmarks, by name, for one round: positions into `benchmarks`.
    pub fn round_order(&self, round: Round<'_>, benchmarks: &[&str]) -> Vec<usize> {
        let Round { kind, candidate_tree, round } = round;
        let draw = |name: &str| self.hash(b"round", kind, &[name.as_bytes(), candidate_tree], round);
        let mut positions: Vec<usize> = (0..benchmarks.len()).collect();
        positions.sort_by_cached_key(|&at| (draw(benchmarks[at]), at));
        positions
    }

    /// A number that nobody can predict, for what is decided at random besides coins.
    pub fn draw(&self, what: &str, one: u32, other: u32) -> u64 {
        let digest =
            self.hash(b"draw", ComparisonKind::Repeat, &[what.as_bytes(), &one.to_le_bytes()], other);
        digest[..8].iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// SHA-256 of a fixed tag, the fixed-length key and every part behind its length. A keyed prefix
    /// is enough: nobody sees more than one bit or a rank, so no digest exists to be extended.
    fn hash(&self, purpose: &[u8], kind: ComparisonKind, parts: &[&[u8]], index: u32) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(b"optiloop coin 1");
        hasher.update(self.0);
        for part in [purpose, kind.tag().as_bytes()].iter().chain(parts) {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        hasher.update(index.to_le_bytes());
        hasher.finalize().into()
    }
}

impl ComparisonKind {
    /// The kind's stable name inside the hash: renaming one would change the coins of old journals.
    fn tag(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Confirmation => "confirmation",
            Self::SecondConfirmation => "second-confirmation",
            Self::Repeat => "repeat",
            Self::Goal => "goal",
            Self::Final => "final",
            Self::Guard => "guard",
            Self::WallGuard => "wall-guard",
            Self::Family => "family",
            Self::Noise => "noise",
        }
    }
}

impl std::fmt::Debug for CoinKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("CoinKey(secret)")
    }
}

impl Serialize for CoinKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(self.0))
    }
}

impl<'de> Deserialize<'de> for CoinKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bits = [0; 16];
        // The text itself stays out of the message: it is the secret.
        hex::decode_to_slice(&text, &mut bits)
            .map_err(|_| serde::de::Error::custom("a coin key is 32 hexadecimal digits"))?;
        Ok(Self(bits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flip(pair: u32) -> Flip<'static> {
        Flip { kind: ComparisonKind::Test, benchmark: "parse", candidate_tree: b"tree", pair }
    }

    fn pattern(key: &CoinKey, of: impl Fn(u32) -> Flip<'static>) -> Vec<Order> {
        (0..256).map(|pair| key.order(of(pair))).collect()
    }

    #[test]
    fn the_same_pair_gets_the_same_coin_and_every_part_matters() {
        let key = CoinKey::new([7; 16]);
        let coins = pattern(&key, flip);
        assert_eq!(coins, pattern(&key, flip));
        assert_ne!(coins, pattern(&CoinKey::new([8; 16]), flip));
        assert_ne!(coins, pattern(&key, |i| Flip { kind: ComparisonKind::Confirmation, ..flip(i) }));
        assert_ne!(coins, pattern(&key, |i| Flip { benchmark: "parse2", ..flip(i) }));
        assert_ne!(coins, pattern(&key, |i| Flip { candidate_tree: b"tref", ..flip(i) }));
    }

    #[test]
    fn the_coin_is_fair_and_neighbours_are_independent() {
        let key = CoinKey::new([3; 16]);
        let coins: Vec<Order> = (0..20_000).map(|pair| key.order(flip(pair))).collect();
        let heads = coins.iter().filter(|coin| **coin == Order::BaseFirst).count();
        let changes = coins.windows(2).filter(|window| window[0] != window[1]).count();
        // 4 binomial standard deviations of 20,000 fair coins are 283.
        assert!(heads.abs_diff(10_000) < 283, "{heads} of 20,000");
        assert!(changes.abs_diff(10_000) < 283, "{changes} of 20,000");
    }

    #[test]
    fn every_order_of_a_round_occurs() {
        let key = CoinKey::new([1; 16]);
        let mut seen = std::collections::BTreeSet::new();
        for round in 0..200 {
            let round = Round { kind: ComparisonKind::Test, candidate_tree: b"tree", round };
            seen.insert(key.round_order(round, &["a", "b", "c"]));
        }
        assert_eq!(seen.len(), 6);
    }

    #[test]
    fn the_key_is_hex_in_the_journal_and_hidden_in_debug_output() {
        let key = CoinKey::new([0xab; 16]);
        let text = serde_json::to_string(&key).unwrap();
        assert_eq!(text, format!("\"{}\"", "ab".repeat(16)));
        assert_eq!(serde_json::from_str::<CoinKey>(&text).unwrap(), key);
        assert!(!format!("{key:?}").contains("ab"));
        let error = serde_json::from_str::<CoinKey>("\"abba\"").unwrap_err().to_string();
        assert!(!error.contains("abba"), "{error}");
    }
}
