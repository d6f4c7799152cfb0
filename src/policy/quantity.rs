//! Numbers with units as people write them in policy and config: shares, times, sizes.
//!
//! Every function takes untrusted text and answers `None` for what is no such number.

use std::time::Duration;

/// `5` or `2.5` as a percentage: .05, .025.
pub fn percent(text: &str) -> Option<f64> {
    decimal(text).map(|number| number / 100.0)
}

/// A bare number: below 1 it is a share, above 1 a percentage. Exactly 1 could be either and is neither.
pub fn share(text: &str) -> Option<f64> {
    match decimal(text)? {
        number if number < 1.0 => Some(number),
        number if number > 1.0 => Some(number / 100.0),
        _ => None,
    }
}

/// A whole number.
pub fn whole(text: &str) -> Option<u64> {
    text.trim().replace('_', "").parse().ok()
}

/// No time is longer: a million hours, in seconds.
const LONGEST: u64 = 3_600_000_000;

/// `90s`, `5m`, `1h30m`, `250ms`, `1.5h`, or bare seconds; below a million hours.
pub fn duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    if let Some(seconds) = whole(rest) {
        return (seconds < LONGEST).then(|| Duration::from_secs(seconds));
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let number_ends = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(number_ends);
        let tail = tail.trim_start();
        let unit_ends = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit_ends);
        let seconds = match unit {
            "ms" => 0.001,
            "s" | "sec" | "second" | "seconds" => 1.0,
            "m" | "min" | "minute" | "minutes" => 60.0,
            "h" | "hour" | "hours" => 3600.0,
            "d" | "day" | "days" => 86_400.0,
            _ => return None,
        };
        total += decimal(number)? * seconds;
        rest = tail.trim_start();
    }
    (total < Duration::from_secs(LONGEST).as_secs_f64() && !text.trim().is_empty())
        .then(|| Duration::from_secs_f64(total))
}

/// `64KiB`, `1MiB`, `1MB`, or bare bytes.
pub fn size(text: &str) -> Option<u64> {
    let text = text.trim();
    let unit_starts = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_starts);
    let factor = match unit {
        "" | "B" => 1,
        "kB" | "KB" => 1_000,
        "KiB" => 1 << 10,
        "MB" => 1_000_000,
        "MiB" => 1 << 20,
        "GB" => 1_000_000_000,
        "GiB" => 1 << 30,
        _ => return None,
    };
    whole(number)?.checked_mul(factor)
}

/// Digits with an optional sign and point: no exponent, no `inf`, no `NaN`.
fn decimal(text: &str) -> Option<f64> {
    let text = text.trim();
    let plain = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
    text.parse().ok().filter(|number: &f64| plain && number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_write_them() {
        for (text, seconds) in [
            ("90s", Some(90.0)),
            ("5m", Some(300.0)),
            ("1h30m", Some(5400.0)),
            ("1h 30m", Some(5400.0)),
            ("2 hours", Some(7200.0)),
            ("1.5h", Some(5400.0)),
            ("250ms", Some(0.25)),
            ("0s", Some(0.0)),
            ("300", Some(300.0)),
            ("", None),
            ("5", Some(5.0)),
            ("-5m", None),
            ("5 parsecs", None),
            ("m", None),
            ("1..5h", None),
            ("99999999999h", None),
            ("18446744073709551615", None),
        ] {
            assert_eq!(duration(text).map(|time| time.as_secs_f64()), seconds, "{text:?}");
        }
    }

    #[test]
    fn sizes_read_as_people_write_them() {
        for (text, bytes) in [
            ("64KiB", Some(65_536)),
            ("1 MiB", Some(1_048_576)),
            ("100", Some(100)),
            ("1MB", Some(1_000_000)),
            ("1.5MiB", None),
            ("MiB", None),
            ("99999999999GiB", None),
        ] {
            assert_eq!(size(text), bytes, "{text:?}");
        }
    }
}
