//! The wanted change against the original, as a person writes it: `20%`, `1.25x`, `<50ms`.
//!
//! Not here: whether a goal is reached (`engine`, decision.md A.6). Start at [`Goal`].

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A wanted change of the metric's cost. Prints and serialises as it is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// Cost falls by this ratio: `20%` is .2; in (0, 1).
    Reduction(f64),
    /// So many times the speed: `1.25x`; above 1.
    Speedup(f64),
    /// Cost per operation falls below this amount: `<50ms`; made a ratio to the original's calibrated value.
    Below {
        /// How many units; finite and positive.
        amount: f64,
        /// The unit.
        unit: Unit,
    },
}

impl Goal {
    /// What an absolute goal bounds; `None` for a relative one.
    pub fn bounds(&self) -> Option<Quantity> {
        match *self {
            Self::Below { unit, .. } => Some(unit.quantity()),
            Self::Reduction(_) | Self::Speedup(_) => None,
        }
    }

    /// The wanted reduction when the original costs `original` nanoseconds or bytes per operation;
    /// zero or less where an absolute goal is reached already.
    pub fn reduction_from(&self, original: f64) -> f64 {
        match *self {
            Self::Below { amount, unit } => 1.0 - amount * unit.factor() / original,
            Self::Reduction(ratio) => ratio,
            Self::Speedup(factor) => 1.0 - 1.0 / factor,
        }
    }
}

/// Declares the units with their spelling, quantity and factor.
macro_rules! units {
    ($($(#[$doc:meta])* $name:ident $text:literal $quantity:ident $factor:expr;)*) => {
        /// A unit a goal may be written in.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Unit { $($(#[$doc])* $name,)* }

        impl Unit {
            const ALL: &'static [Self] = &[$(Self::$name),*];

            /// As it is written.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Nanoseconds or bytes in one of it.
            pub fn factor(self) -> f64 {
                match self { $(Self::$name => $factor,)* }
            }

            /// What it measures.
            pub fn quantity(self) -> Quantity {
                match self { $(Self::$name => Quantity::$quantity,)* }
            }
        }
    };
}

units! {
    /// Nanoseconds.
    Nanoseconds "ns" Time 1.0;
    /// Microseconds; `us` is read as well.
    Microseconds "µs" Time 1e3;
    /// Milliseconds.
    Milliseconds "ms" Time 1e6;
    /// Seconds.
    Seconds "s" Time 1e9;
    /// Bytes.
    Bytes "B" Memory 1.0;
    /// 1024 bytes.
    Kibibytes "KiB" Memory 1024.0;
    /// 1024² bytes.
    Mebibytes "MiB" Memory 1_048_576.0;
    /// 1024³ bytes.
    Gibibytes "GiB" Memory 1_073_741_824.0;
}

/// What an absolute goal bounds; it must be what the metric measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// Time per operation, in nanoseconds.
    Time,
    /// Memory, in bytes.
    Memory,
    /// A number of things; no unit bounds it.
    Count,
}

/// A text that is no goal, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("goal {text:?}: {why}")]
pub struct BadGoal {
    /// What was read, at most 80 characters.
    pub text: String,
    /// Why it cannot be a goal.
    pub why: &'static str,
}

impl BadGoal {
    /// What to write instead.
    pub fn hint(&self) -> &'static str {
        "write a reduction of cost (`20%`), a speedup (`1.25x`) or a bound (`<50ms`, `<10MiB`)"
    }
}

impl FromStr for Goal {
    type Err = BadGoal;

    fn from_str(text: &str) -> Result<Self, BadGoal> {
        let bad = |why| BadGoal { text: text.chars().take(80).collect(), why };
        let trimmed = text.trim();
        if let Some(bound) = trimmed.strip_prefix('<') {
            return below(bound.trim()).map_err(bad);
        }
        if let Some(percent) = trimmed.strip_suffix('%') {
            let percent = number(percent).map_err(bad)?;
            return match percent {
                p if p <= 0.0 => {
                    Err(bad("a reduction is above 0 %; it says how much cheaper, without a minus"))
                }
                p if p >= 100.0 => Err(bad("nothing can become 100 % cheaper")),
                p => Ok(Self::Reduction(p / 100.0)),
            };
        }
        if let Some(factor) = trimmed.strip_suffix(['x', '×']) {
            let factor = number(factor).map_err(bad)?;
            return if factor > 1.0 { Ok(Self::Speedup(factor)) } else { Err(bad("a speedup is above 1x")) };
        }
        Err(bad(match number(trimmed) {
            Ok(_) => "a bare number has no meaning: add `%` or `x`, as 20% or 1.25x",
            Err(_) => "it is neither a percentage (20%), nor a speedup (1.25x), nor a bound (<50ms)",
        }))
    }
}

fn below(bound: &str) -> Result<Goal, &'static str> {
    let at = bound.find(|c: char| c.is_alphabetic() || c == 'µ').ok_or("a bound needs a unit")?;
    let (amount, unit) = bound.split_at(at);
    let unit = match unit {
        "us" | "μs" => Unit::Microseconds,
        unit => *Unit::ALL.iter().find(|known| known.as_str() == unit).ok_or("its unit is not known")?,
    };
    match number(amount)? {
        amount if amount > 0.0 => Ok(Goal::Below { amount, unit }),
        _ => Err("a bound is above 0"),
    }
}

/// A plain decimal number: no exponent tricks, no `inf`, no `NaN`.
fn number(text: &str) -> Result<f64, &'static str> {
    let text = text.trim();
    let plain = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
    match text.parse::<f64>() {
        Ok(number) if plain && number.is_finite() => Ok(number),
        _ => Err("its number cannot be read"),
    }
}

impl std::fmt::Display for Goal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Self::Reduction(ratio) => write!(f, "{}%", tidy(ratio * 100.0)),
            Self::Speedup(factor) => write!(f, "{factor}x"),
            Self::Below { amount, unit } => write!(f, "<{amount}{}", unit.as_str()),
        }
    }
}

/// Undoes the last-digit error of a multiplication by 100 (.07 · 100), so that it prints as written.
fn tidy(percent: f64) -> f64 {
    (percent * 1e9).round() / 1e9
}

impl Serialize for Goal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Goal {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_reads_and_prints_as_it_is_written() {
        for text in ["20%", "7%", "12.5%", "1.25x", "2x", "<50ms", "<1.5s", "<300ns", "<10MiB", "<20µs"] {
            let goal: Goal = text.parse().unwrap();
            assert_eq!(goal.to_string(), text);
            let json = serde_json::to_string(&goal).unwrap();
            assert_eq!(serde_json::from_str::<Goal>(&json).unwrap(), goal);
        }
    }

    #[test]
    fn what_is_no_goal_is_refused_with_the_reason() {
        for (text, why) in [
            ("0", "add `%`"),
            ("100", "add `%`"),
            ("0%", "above 0 %"),
            ("100%", "100 % cheaper"),
            ("-5%", "above 0 %"),
            ("-5", "add `%`"),
            ("1x", "above 1x"),
            ("0.5x", "above 1x"),
            ("abc", "neither"),
            ("", "neither"),
            ("NaN%", "cannot be read"),
            ("infx", "cannot be read"),
            ("1e3x", "cannot be read"),
            ("<50", "needs a unit"),
            ("<50parsec", "not known"),
            ("<0ms", "above 0"),
            ("<-1ms", "above 0"),
            ("%", "cannot be read"),
        ] {
            let error = text.parse::<Goal>().unwrap_err();
            assert!(error.to_string().contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn every_goal_is_a_reduction_of_the_originals_cost() {
        let reduction = |text: &str, original| text.parse::<Goal>().unwrap().reduction_from(original);
        assert!((reduction("20%", 1.0) - 0.2).abs() < 1e-12);
        assert!((reduction("1.25x", 1.0) - 0.2).abs() < 1e-12);
        assert!((reduction("<50ms", 100e6) - 0.5).abs() < 1e-12);
        assert!(reduction("<50ms", 40e6) < 0.0);
    }
}
