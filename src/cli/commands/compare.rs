//! `compare` and `gate`: which sides the arguments name.

use std::time::Duration;

use clap::Args;

use crate::app::compare::{Across, Compared, Request, compare};
use crate::app::error::AppError;
use crate::app::sides::Given;
use crate::app::start::Context;

use super::super::args::{Flags, Rules};

/// Flags of both.
#[derive(Debug, Args)]
pub(in crate::cli) struct Shared {
    /// Benchmark, or function that benchmarks are found for; may be given more than once, else all
    #[arg(short, long = "target")]
    pub targets: Vec<String>,
    /// How long it may take, as 20m; what is open then goes on when the same is asked again
    #[arg(long, value_parser = duration)]
    pub time: Option<Duration>,
    #[command(flatten)]
    pub rules: Rules,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Compare {
    /// Two revisions or two folders, the base first; the second is HEAD where it is not named
    #[arg(num_args = 0..=2, value_names = ["BASE", "OTHER"])]
    pub sides: Vec<String>,
    /// One command of two, given twice, the base first
    #[arg(short, long = "command", value_name = "COMMAND")]
    pub commands: Vec<String>,
    #[command(flatten)]
    pub shared: Shared,
    /// Go on with evidence that was measured on another machine, kernel or toolchain
    #[arg(long)]
    pub across: bool,
    /// Two commands word by word, parted by `--`
    #[arg(last = true, value_name = "COMMAND")]
    pub words: Vec<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Gate {
    /// What HEAD is compared with: the commit at which it left this branch
    #[arg(long, default_value = "main")]
    pub base: String,
    #[command(flatten)]
    pub shared: Shared,
    /// Go on with evidence that was measured on another machine, kernel or toolchain
    #[arg(long)]
    pub across: bool,
}

pub(super) async fn run(context: &Context, arguments: Compare, json: bool) -> Result<u8, AppError> {
    let Compare { sides, commands, shared, across, words } = arguments;
    let request = request(given(&sides, &commands, &words)?, shared)?;
    end(context, Request { across: if across { Across::Allowed } else { Across::Refused }, ..request }, json)
        .await
}

pub(super) async fn gate(context: &Context, arguments: Gate, json: bool) -> Result<u8, AppError> {
    let Gate { base, shared, across } = arguments;
    let request = request(Given::Gate(base), shared)?;
    end(context, Request { across: if across { Across::Allowed } else { Across::Refused }, ..request }, json)
        .await
}

async fn end(context: &Context, request: Request, json: bool) -> Result<u8, AppError> {
    match compare(context, request).await? {
        Compared::Ended(ended) => super::report(context, &ended, json),
        Compared::Same(revision) => {
            if !json {
                super::print(&format!(
                    "Both sides are the tree of {}: there is nothing to compare.",
                    revision.commit.short()
                ))?;
            }
            Ok(0)
        }
    }
}

/// The sides from exactly one of the three ways to name them.
fn given(sides: &[String], commands: &[String], words: &[String]) -> Result<Given, AppError> {
    let usage = |text: &str| AppError::Usage(text.to_owned());
    let ways = [!sides.is_empty(), !commands.is_empty(), !words.is_empty()];
    if ways.iter().filter(|way| **way).count() != 1 {
        return Err(usage(
            "name two sides in one way: `compare BASE OTHER`, `compare -- BASE… -- OTHER…` or `--command` twice",
        ));
    }
    if !words.is_empty() {
        let mut parts = words.split(|word| word == "--").map(<[String]>::to_vec);
        return match (parts.next(), parts.next(), parts.next()) {
            (Some(base), Some(other), None) if !base.is_empty() && !other.is_empty() => {
                Ok(Given::Commands(base, other))
            }
            _ => Err(usage("two commands are wanted: `compare -- BASE… -- OTHER…`")),
        };
    }
    if let [base, other] = commands {
        let shell = |text: &String| vec!["/bin/sh".to_owned(), "-c".to_owned(), text.clone()];
        return Ok(Given::Commands(shell(base), shell(other)));
    }
    match sides {
        [base] => Ok(Given::Two(base.clone(), "HEAD".to_owned())),
        [base, other] => Ok(Given::Two(base.clone(), other.clone())),
        _ => Err(usage("`--command` is wanted twice, the base first")),
    }
}

fn request(given: Given, shared: Shared) -> Result<Request, AppError> {
    let Shared { targets, time, rules } = shared;
    let flags = Flags { rules, ..Flags::default() };
    let across = Across::Refused;
    Ok(Request { given, flags: flags.for_config()?, targets, time, across })
}

/// `90s`, `20m`, `1h30m` or seconds.
pub(in crate::cli) fn duration(text: &str) -> Result<Duration, String> {
    let wanted = || format!("{text:?} is no time; write it as 90s, 20m or 1h30m");
    let (mut all, mut number) = (0_u64, String::new());
    for letter in text.chars() {
        let unit = match letter {
            'h' => 3600,
            'm' => 60,
            's' => 1,
            digit if digit.is_ascii_digit() => {
                number.push(digit);
                continue;
            }
            _ => return Err(wanted()),
        };
        let count: u64 = number.parse().map_err(|_| wanted())?;
        all = count.checked_mul(unit).and_then(|part| all.checked_add(part)).ok_or_else(wanted)?;
        number.clear();
    }
    if !number.is_empty() {
        let seconds: u64 = number.parse().map_err(|_| wanted())?;
        all = all.checked_add(seconds).ok_or_else(wanted)?;
    }
    if all == 0 { Err(wanted()) } else { Ok(Duration::from_secs(all)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn sides_are_named_in_one_way() {
        let two = |base: &str, other: &str| Given::Two(base.to_owned(), other.to_owned());
        assert_eq!(given(&words("v1 v2"), &[], &[]).unwrap(), two("v1", "v2"));
        assert_eq!(given(&words("v1"), &[], &[]).unwrap(), two("v1", "HEAD"));
        let commands = Given::Commands(words("./a 1"), words("./b 1"));
        assert_eq!(given(&[], &[], &words("./a 1 -- ./b 1")).unwrap(), commands);
        for (sides, commands, rest) in
            [("", "", ""), ("v1", "", "a -- b"), ("", "a", ""), ("", "", "a"), ("", "", "a -- b -- c")]
        {
            assert!(
                given(&words(sides), &words(commands), &words(rest)).is_err(),
                "{sides:?} {commands:?} {rest:?}"
            );
        }
    }

    #[test]
    fn times_are_read_as_config_reads_them() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1h30m"), Ok(Duration::from_mins(90)));
        assert_eq!(duration("45"), Ok(Duration::from_secs(45)));
        for bad in ["", "0", "m", "5x", "-1s", "99999999999999999999h"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }
}
