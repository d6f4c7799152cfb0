//! Rule 4: the least improvement that counts. "Reject changes that show < 5 % improvement on the target metric."

use super::sentence::Sentence;
use super::vocabulary::{
    DEMAND, GAIN, LESS, MORE, NEGATION, NO_LESS, NOT_MORE, OTHER_SHARES, ROUGHLY, TAKE, TURN_AWAY,
};
use crate::policy::quantity;
use crate::policy::value::Ratio;

/// The side of the limit a sentence speaks of.
#[derive(Debug, Clone, Copy)]
enum Side {
    Below,
    Above,
}

/// The least effect the sentence demands, if it speaks of one and of nothing else.
pub(super) fn least(sentence: &Sentence) -> Option<Ratio> {
    let speaks_of_change = sentence.concerns_performance()
        || sentence.has_any(&["change", "patch", "commit", "proposal", "candidate", "metric", "fix"]);
    if !sentence.has_any(GAIN) || sentence.has_any(OTHER_SHARES) || !speaks_of_change {
        return None;
    }
    let (at, ratio) = only_percentage(sentence)?;
    let beside = beside(sentence, at);
    let no_less = beside.says_any(NO_LESS);
    let side = match (beside.says_any(LESS), beside.says_any(MORE)) {
        _ if beside.says_any(ROUGHLY) => return None,
        _ if beside.says_any(NOT_MORE) => Side::Below,
        (true, true) if no_less => Side::Above,
        (true, false) => Side::Below,
        (false, true) => Side::Above,
        _ => return None,
    };
    let negations = sentence.words.iter().filter(|word| NEGATION.contains(&word.as_str())).count();
    // `no less` and `does not reach` are part of the comparison.
    let compared = no_less || beside.says_any(&["not reach", "not exceed"]);
    let negations = if compared { negations.saturating_sub(1) } else { negations };
    let turns_away = sentence.says_any(TURN_AWAY);
    let takes = sentence.says_any(TAKE);
    let demands = sentence.says_any(DEMAND);
    let unless = sentence.says_any(&["unless", "until"]);
    let otherwise = sentence.says_any(&["otherwise", "or else", "if not"]);
    let stated = match (side, negations) {
        // Reject what shows less than 5 %.
        (Side::Below, 0) => turns_away && !unless && !sentence.says_any(&["only"]),
        // Never keep what shows less than 5 %; less than 5 % is not accepted.
        (Side::Below, 1) => takes && !turns_away && !unless,
        // Keep only what shows at least 5 %; it must gain at least 5 %, otherwise drop it; reject it unless it does.
        (Side::Above, 0) => (demands && (!turns_away || otherwise) && !unless) || (turns_away && unless),
        // Do not keep it unless it shows at least 5 %; reject what does not gain at least 5 %.
        (Side::Above, 1) => {
            (takes && unless && !turns_away) || (turns_away && !takes && !unless && misses(sentence))
        }
        _ => false,
    };
    stated.then_some(ratio)
}

/// `Reject changes that do not gain at least 5 %`: the `not` belongs to the gain, not to the rejection.
fn misses(sentence: &Sentence) -> bool {
    let negation = sentence.words.iter().position(|word| NEGATION.contains(&word.as_str()));
    let turn = TURN_AWAY.iter().filter_map(|verb| sentence.position(verb)).min();
    let more = MORE.iter().filter_map(|phrase| sentence.position(phrase)).min();
    match (negation, turn, more) {
        (Some(negation), Some(turn), Some(more)) => negation < more && (turn < negation || more < turn),
        _ => false,
    }
}

/// The words that compare the number at `at`: a few before it, and an `or more` after its unit.
fn beside(sentence: &Sentence, at: usize) -> Sentence {
    let words = &sentence.words;
    let before = words[at.saturating_sub(4)..at].iter();
    let after = words.iter().skip(at + 2).take(4).skip_while(|word| *word != "or").take(2);
    // A mark between keeps both sides from making one phrase.
    let mark = ";".to_owned();
    Sentence { words: before.chain([&mark]).chain(after).cloned().collect(), ..Sentence::default() }
}

/// The one percentage of the sentence and where its number stands; two different ones leave doubt.
fn only_percentage(sentence: &Sentence) -> Option<(usize, Ratio)> {
    let words = &sentence.words;
    let mut found: Option<(usize, f64)> = None;
    for (at, (number, unit)) in words.iter().zip(words.iter().skip(1)).enumerate() {
        if !matches!(unit.as_str(), "%" | "percent" | "pct" | "per-cent") {
            continue;
        }
        let percent = spelled(number).or_else(|| quantity::percent(&number.replace(',', ".")))?;
        if found.is_some_and(|(_, known)| (known - percent).abs() > 1e-12) {
            return None;
        }
        found = found.or(Some((at, percent)));
    }
    let (at, percent) = found?;
    Some((at, Ratio::try_from(percent).ok()?))
}

fn spelled(word: &str) -> Option<f64> {
    let percent = match word {
        "one" => 1.0,
        "two" => 2.0,
        "three" => 3.0,
        "four" => 4.0,
        "five" => 5.0,
        "six" => 6.0,
        "seven" => 7.0,
        "eight" => 8.0,
        "nine" => 9.0,
        "ten" => 10.0,
        "twelve" => 12.0,
        "fifteen" => 15.0,
        "twenty" => 20.0,
        "twenty-five" => 25.0,
        "thirty" => 30.0,
        "fifty" => 50.0,
        _ => return None,
    };
    Some(percent / 100.0)
}
