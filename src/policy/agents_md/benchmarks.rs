//! Rule 6: where benchmarks live, and that they stay. "Never delete or weaken existing benchmarks."

use super::sentence::Sentence;
use super::vocabulary::{CLOSED, LIVES, NEGATION, TOUCH};

/// The globs the sentence protects: `None` if it is not about protection, empty if it names none.
pub(super) fn globs(sentence: &Sentence) -> Option<Vec<String>> {
    let paths: Vec<String> = sentence.code.iter().filter(|code| is_path(code)).cloned().collect();
    // `benchmarks/` says what it holds by its name; other paths are ours only where performance is the topic.
    let benchmarks = sentence.has_any(&["bench"]) || paths.iter().any(|path| path.contains("bench"));
    if !benchmarks && (paths.is_empty() || !sentence.concerns_performance()) {
        return None;
    }
    let negated = sentence.words.iter().any(|word| NEGATION.contains(&word.as_str()));
    let touches = sentence.has_any(TOUCH);
    let left_alone = sentence.says_any(&["leave", "keep"])
        && sentence.says_any(&["alone", "as they are", "as it is", "unchanged", "intact"]);
    let closed = sentence.says_any(CLOSED) || left_alone;
    let forbids = (negated && touches) || (closed && !negated);
    // "Delete benchmarks that …" and "add benchmarks to `x/`" are about something else.
    let locates = benchmarks && sentence.says_any(LIVES) && !negated && !touches && !paths.is_empty();
    (forbids || locates).then_some(paths)
}

/// Whether a code span is a path or glob and not a command, flag or name.
fn is_path(code: &str) -> bool {
    let extension = code
        .rsplit_once('.')
        .filter(|(name, extension)| !name.is_empty() && (1..=4).contains(&extension.len()));
    let shaped = code.contains(['/', '*']) || extension.is_some();
    let foreign = code.contains(char::is_whitespace)
        || code.starts_with(['-', '/'])
        || code.contains("..")
        || code.contains("://");
    shaped && !foreign
}
