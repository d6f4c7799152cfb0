//! Rules 1, 3 and 5: measure first, one commit for each change, the full test suite after each.

use super::sentence::{Sentence, begins_with_any};
use super::vocabulary::{
    APART, CHANGE, EACH, EVIDENCE, FORBIDS, GATHER, MIX, NEGATION, OWN_COMMIT, RHYTHM, RUN, TAKE, TURN_AWAY,
};

fn negations(sentence: &Sentence) -> usize {
    // "nothing else in it" and "nobody" strengthen what is said here.
    let turns =
        |word: &&String| NEGATION.contains(&word.as_str()) && !matches!(word.as_str(), "nothing" | "nobody");
    sentence.words.iter().filter(turns).count()
}

/// "Always collect a baseline profile before proposing optimisations. Never guess at bottlenecks."
pub(super) fn measures_first(sentence: &Sentence) -> bool {
    if !sentence.has_any(EVIDENCE) {
        return false;
    }
    match negations(sentence) {
        0 => {
            !sentence.says_any(&["unless"])
                && sentence.has_any(GATHER)
                && (before_a_change(sentence) || comes_first(sentence))
        }
        _ => forbids_before_evidence(sentence),
    }
}

/// Before the change, not before a release.
fn before_a_change(sentence: &Sentence) -> bool {
    ["before", "prior to", "ahead of"].iter().any(|word| {
        sentence.position(word).is_some_and(|at| {
            let after = sentence.words[at..].iter().take(7);
            after.into_iter().any(|word| {
                begins_with_any(word, CHANGE) || begins_with_any(word, &["suggest", "writ", "cod"])
            })
        })
    })
}

/// "Profile first", "First take a profile", "measure first, then change".
fn comes_first(sentence: &Sentence) -> bool {
    // "Start from a profile of the unmodified code."
    let starts = ["start from", "start with", "begin with", "begin from"].iter().any(|phrase| {
        sentence.position(phrase).is_some_and(|at| {
            sentence.words.iter().skip(at + 2).take(4).any(|word| begins_with_any(word, EVIDENCE))
        })
    });
    let Some(at) = sentence.position("first") else { return starts };
    let last = sentence.words.len() - 1;
    let breaks = sentence.words.get(at + 1).is_none_or(|word| matches!(word.as_str(), "," | ":" | ";"));
    let placed = at <= 2 || at == last || breaks;
    starts || placed && (sentence.has_any(CHANGE) || sentence.says_any(&["measure first", "profile first"]))
}

/// "Never optimise without a profile", "do not change it until a baseline exists", "what you haven't measured".
fn forbids_before_evidence(sentence: &Sentence) -> bool {
    let forbids = FORBIDS.iter().filter_map(|word| sentence.position(word)).min();
    let wants =
        ["without", "unless", "until", "before", "haven't", "hasn't", "have not", "has not", "not been"];
    let Some(forbids) = forbids else { return false };
    let wants = wants.iter().filter_map(|word| sentence.position(word)).filter(|at| *at > forbids).min();
    let Some(wants) = wants else { return false };
    let any = |words: &[String], stems: &[&str]| words.iter().any(|word| begins_with_any(word, stems));
    any(&sentence.words[forbids..wants], CHANGE) && any(&sentence.words[wants..], EVIDENCE)
}

/// "Each optimisation should be a single commit that can be reverted independently."
pub(super) fn commits_apart(sentence: &Sentence) -> bool {
    let of_changes = sentence.has_any(&[
        "optimi",
        "chang",
        "improvement",
        "speedup",
        "fix",
        "tweak",
        "edit",
        "step",
        "win",
    ]);
    if !sentence.has_any(&["commit"]) || !of_changes || !sentence.concerns_performance() {
        return false;
    }
    let mixes = sentence.has_any(MIX);
    let apart = sentence.says_any(OWN_COMMIT) || sentence.says_any(APART);
    match negations(sentence) {
        0 => apart && sentence.says_any(EACH) && !mixes,
        // "Never mix two optimisations in one commit" says the same.
        1 => mixes && sentence.says_any(FORBIDS),
        _ => false,
    }
}

/// "Run the full test suite after every optimisation. Performance wins that break tests are rejected."
pub(super) fn runs_the_suite(sentence: &Sentence) -> bool {
    if !sentence.concerns_performance() || sentence.says_any(RHYTHM) {
        return false;
    }
    let tests = &["test", "suite"];
    let whole = near(sentence, &["full", "whole", "entire", "complete", "all", "every"], tests, 4);
    let runs = sentence.says_any(RUN) || sentence.code.iter().any(|code| code.contains("test"));
    let anaphoric = ["each one", "every one", "each time", "every time"];
    let changes = sentence.has_any(CHANGE) || sentence.says_any(&anaphoric);
    let always = ["must", "always", "only", "has to", "have to", "needs to", "required"];
    let when = (sentence.says_any(EACH) && changes) || sentence.says_any(&always);
    let broken = near(sentence, &["break", "fail", "broken"], tests, 4)
        || near(sentence, tests, &["fail", "break", "broken"], 3);
    match negations(sentence) {
        0 => (whole && runs && when) || (broken && sentence.says_any(TURN_AWAY)),
        1 => broken && sentence.says_any(TAKE) && !sentence.says_any(TURN_AWAY),
        _ => false,
    }
}

/// Whether a word of the second list follows one of the first within so many words; both are stems.
fn near(sentence: &Sentence, first: &[&str], second: &[&str], within: usize) -> bool {
    sentence.words.iter().enumerate().any(|(at, word)| {
        let mut after = sentence.words[at + 1..].iter().take(within);
        begins_with_any(word, first) && after.any(|next| begins_with_any(next, second))
    })
}
