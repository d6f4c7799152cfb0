//! Rule 2: which profile for which work. "Use CPU profiles for latency work, heap profiles for memory work."
//!
//! Kinds of profile and kinds of work must alternate, one of each: anything else leaves doubt.

use super::sentence::Sentence;
use super::vocabulary::NEGATION;
use crate::policy::value::ProfileKind;

/// What an optimisation is after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    Latency,
    Memory,
    Contention,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token {
    Kind(ProfileKind),
    Work(Work),
}

/// The pairs the sentence states; empty if it states none or leaves a doubt.
pub(super) fn pairs(sentence: &Sentence) -> Vec<(Work, ProfileKind)> {
    let named = sentence.has_any(&["profil"])
        || sentence.label.iter().chain(sentence.context.last()).any(|text| text.contains("profil"));
    if !named || sentence.words.iter().any(|word| NEGATION.contains(&word.as_str())) {
        return Vec::new();
    }
    let tokens = tokens(&sentence.words);
    if tokens.len() % 2 == 1 {
        return Vec::new();
    }
    let mut pairs: Vec<(Work, ProfileKind)> = Vec::new();
    for two in tokens.chunks(2) {
        let pair = match *two {
            [Token::Kind(kind), Token::Work(work)] | [Token::Work(work), Token::Kind(kind)] => (work, kind),
            _ => return Vec::new(),
        };
        // The same order throughout, and each work once.
        let kind_first = |two: &[Token]| matches!(two[0], Token::Kind(_));
        if kind_first(two) != kind_first(&tokens) || pairs.iter().any(|(work, _)| *work == pair.0) {
            return Vec::new();
        }
        pairs.push(pair);
    }
    pairs
}

/// Kinds and works in order; a repetition of the one before (`memory leaks`) is one.
fn tokens(words: &[String]) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let profile_follows = words.iter().skip(at + 1).take(2).any(|next| next.starts_with("profil"));
        let token = match word.as_str() {
            "cpu" | "on-cpu" => Token::Kind(ProfileKind::Cpu),
            "heap" => Token::Kind(ProfileKind::Heap),
            "mutex" | "mutexes" => Token::Kind(ProfileKind::Mutex),
            "memory" | "allocation" | "allocations" | "allocs" | "alloc" if profile_follows => {
                Token::Kind(ProfileKind::Heap)
            }
            "lock" | "block" | "blocking" | "contention" if profile_follows => {
                Token::Kind(ProfileKind::Mutex)
            }
            "latency" | "latencies" | "speed" | "slow" | "slowness" | "throughput" | "response"
            | "runtime" => Token::Work(Work::Latency),
            "memory" | "leak" | "leaks" | "allocation" | "allocations" | "footprint" => {
                Token::Work(Work::Memory)
            }
            "contention" | "contended" | "lock" | "locks" | "locking" => Token::Work(Work::Contention),
            _ => continue,
        };
        if tokens.last() != Some(&token) {
            tokens.push(token);
        }
    }
    tokens
}
