//! Counts, times, tokens and the words of others, short enough for a line.

use std::time::Duration;

/// `3 pairs`, `1 pair`, `2 launches`.
pub fn counted(count: impl Into<Count>, noun: &str) -> String {
    let Count(count) = count.into();
    let plural = match count {
        1 => "",
        _ if noun.ends_with("ch") => "es",
        _ => "s",
    };
    format!("{} {noun}{plural}", grouped(count))
}

/// A number of things.
#[derive(Debug, Clone, Copy)]
pub struct Count(u64);

impl From<usize> for Count {
    fn from(count: usize) -> Self {
        Self(count as u64)
    }
}

impl From<u32> for Count {
    fn from(count: u32) -> Self {
        Self(count.into())
    }
}

impl From<u64> for Count {
    fn from(count: u64) -> Self {
        Self(count)
    }
}

/// `12,345`.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `12,345 tokens`, with what is not known of them.
pub fn tokens(tokens: u64, unknown_turns: u32) -> String {
    match (tokens, unknown_turns) {
        (0, 0) => "no tokens".to_owned(),
        (0, _) => "tokens unknown".to_owned(),
        (_, 0) => counted(tokens, "token"),
        _ => format!("at least {}", counted(tokens, "token")),
    }
}

/// `3.2 minutes`.
pub fn minutes(time: Duration) -> String {
    let minutes = time.as_secs_f64() / 60.0;
    if minutes < 10.0 { format!("{minutes:.1} minutes") } else { format!("{minutes:.0} minutes") }
}

/// The first line, without control characters, at most 160 characters: the words of others, on one line.
pub fn brief(text: &str) -> String {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let clean: String = first.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if clean.chars().count() <= 160 {
        return clean;
    }
    let cut: String = clean.chars().take(159).collect();
    format!("{cut}…")
}
