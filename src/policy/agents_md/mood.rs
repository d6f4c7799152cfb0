//! Whether a sentence is a rule that holds now: not history, not an example, not a wish, not somebody's words.

use super::sentence::{QUOTED, Sentence};
use super::vocabulary::{
    ACTOR, ELSEWHERE, HEDGED, IRREGULAR, LEADING, NORMATIVE, OBJECT, ORDER, OTHERS, PAST, STATED, UNREAL,
};

/// Whether the sentence is a rule that holds here and now.
pub(super) fn is_a_rule(sentence: &Sentence) -> bool {
    let elsewhere = |text: &String| ELSEWHERE.iter().any(|word| format!("{text} ").contains(word));
    // A label names the topic of what follows: `**History.**` may be that of git.
    let labelled =
        |text: &String| !text.contains("history") && !text.contains("background") && elsewhere(text);
    let asks = sentence.text.trim_end().ends_with('?');
    let quotes = sentence.words.iter().any(|word| word.starts_with(QUOTED));
    if asks || quotes || sentence.context.iter().any(elsewhere) || sentence.label.iter().any(labelled) {
        return false;
    }
    let doubts = [PAST, UNREAL, HEDGED, OTHERS];
    if doubts.iter().any(|phrases| sentence.says_any(phrases)) || tells(sentence) || has_a_year(sentence) {
        return false;
    }
    sentence.tabled
        || sentence
            .clause_words()
            .any(|clause| orders(clause) || orders_late(clause) || holds_for_all(clause))
        || sentence.says_any(NORMATIVE)
        || sentence.says_any(STATED)
}

/// A year in a rule tells of a moment, not of always.
fn has_a_year(sentence: &Sentence) -> bool {
    sentence.words.iter().any(|word| {
        let digits = word.chars().all(|c| c.is_ascii_digit());
        digits && word.len() == 4 && (word.starts_with("19") || word.starts_with("20"))
    })
}

/// Whether it tells what somebody did, or what others do.
fn tells(sentence: &Sentence) -> bool {
    let words: Vec<&str> = sentence.words.iter().map(String::as_str).collect();
    let condition = |at: usize| {
        let begins = ["until", "before", "unless", "once", "after", "without", "if"];
        words[..at].iter().any(|word| begins.contains(word))
    };
    let refers_back = |at: usize| {
        at.checked_sub(1).is_some_and(|before| {
            matches!(words[before], "unless" | "if" | "when" | "until" | "because" | "once")
        })
    };
    words.iter().enumerate().any(|(at, word)| {
        let next = words.get(at + 1).copied().unwrap_or_default();
        match *word {
            // `until a profile has been taken` is a condition, `it has been so` is history.
            "been" => !condition(at),
            // `once the change is done` is a condition, `we once rejected` is history.
            "once" => !matches!(
                next,
                "a" | "an" | "the" | "every" | "each" | "you" | "all" | "it" | "this" | "that" | "your"
            ),
            // `they must not be deleted` and `unless they gain` speak of things, `they reject it` of others.
            "they" if refers_back(at) => is_past(next),
            "they" => !matches!(
                next,
                "must"
                    | "shall"
                    | "should"
                    | "are"
                    | "never"
                    | "have"
                    | "need"
                    | "cannot"
                    | "can't"
                    | "mustn't"
                    | "stay"
            ),
            actor => ACTOR.contains(&actor) && is_past(next) && !condition(at),
        }
    })
}

fn is_past(word: &str) -> bool {
    (word.ends_with("ed") && word != "need" && word != "speed") || IRREGULAR.contains(&word)
}

/// The first word is an order: `Run …`, `Never …`, `Please measure …`.
fn orders(clause: &[String]) -> bool {
    let particle = |word: &str| {
        matches!(
            word,
            "please"
                | "then"
                | "also"
                | "and"
                | "finally"
                | "so"
                | "but"
                | "next"
                | "thus"
                | "therefore"
                | "or"
        )
    };
    let first = clause.iter().find(|word| !particle(word));
    first.is_some_and(|word| ORDER.contains(&word.as_str()))
}

/// `For lock contention take a mutex profile`: an order after a beginning without its comma.
fn orders_late(clause: &[String]) -> bool {
    let leads = clause.first().is_some_and(|word| LEADING.contains(&word.as_str()));
    let order = |two: &[String]| ORDER.contains(&two[0].as_str()) && OBJECT.contains(&two[1].as_str());
    leads && clause.windows(2).skip(1).any(order)
}

/// `Each optimisation is its own commit`: what holds for all of a kind is a rule.
fn holds_for_all(clause: &[String]) -> bool {
    let all = |word: &String| {
        matches!(word.as_str(), "each" | "every" | "all" | "any" | "anything" | "everything" | "nothing")
    };
    let is = |word: &String| {
        matches!(
            word.as_str(),
            "is" | "are" | "goes" | "go" | "gets" | "get" | "has" | "becomes" | "means" | "ends"
        )
    };
    clause.first().is_some_and(all) && clause.iter().any(is)
}
