//! What changed between two profiles, per unit of work, and what the edited code cannot explain.
//!
//! A profile samples: a value resting on n samples is good to ±1.96·√n of them (Poisson). What is within that
//! is not called a change. Never evidence for a verdict: it only tells where a measured gain comes from.

use std::collections::{BTreeMap, HashSet};

use super::hotspots::weight;
use super::model::Profile;
use super::project::{Owner, Project};

/// Functions that are listed.
const LISTED: usize = 5;
/// z of a two-sided 95 % interval.
const Z: f64 = 1.96;

/// A profile together with the work its launches did.
#[derive(Debug, Clone, Copy)]
pub struct PerWork<'a> {
    /// The profile.
    pub profile: &'a Profile,
    /// Iterations done while it was recorded, above zero.
    pub work: f64,
}

/// Profiles that must not be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("profiles of different {what} do not compare: {before} before, {after} after")]
pub struct Incomparable {
    /// What differs.
    pub what: &'static str,
    /// Of the first.
    pub before: String,
    /// Of the second.
    pub after: String,
}

/// A value per unit of work on both sides, with the half-width of the 95 % interval of their difference.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Difference {
    /// Before, per iteration.
    pub before: f64,
    /// After, per iteration.
    pub after: f64,
    /// Half-width of the interval of `after − before`; infinite where samples are not counted.
    pub noise: f64,
}

impl Difference {
    /// After minus before: minus is cheaper.
    pub fn change(self) -> f64 {
        self.after - self.before
    }

    /// Whether it is more than sampling noise.
    pub fn is_change(self) -> bool {
        self.change().abs() > self.noise
    }
}

/// What changed.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfileChange {
    /// Unit of the values, per iteration.
    pub unit: String,
    /// Everything.
    pub total: Difference,
    /// Samples with a function of an edited file in their stack.
    pub edited: Difference,
    /// Samples that are certainly of nothing else than files that were not edited. `None` where no file of the
    /// project is known: a program without line tables tells nothing of files.
    pub rest: Option<Difference>,
    /// Functions that changed beyond noise, cumulative, the project's first, largest change first.
    pub functions: Vec<(String, Difference)>,
}

/// Compares two profiles; `edited` are the files the change touched, relative to the project root.
pub fn compare(
    before: PerWork<'_>,
    after: PerWork<'_>,
    project: &Project,
    edited: &[&str],
) -> Result<ProfileChange, Incomparable> {
    let kind = |side: &PerWork<'_>| {
        let kind = side.profile.sample_types.get(side.profile.main_value());
        kind.map_or(String::new(), |kind| format!("{}/{}", kind.name, kind.unit))
    };
    let event = |side: &PerWork<'_>| side.profile.origin.event.clone().unwrap_or_default();
    check("values", kind(&before), kind(&after))?;
    check("events", event(&before), event(&after))?;
    let (first, second) = (Sums::of(before, project, edited), Sums::of(after, project, edited));
    let none = Sum::default();
    let mut functions: Vec<(String, bool, Difference)> = Vec::new();
    let names: std::collections::BTreeSet<_> =
        first.functions.keys().chain(second.functions.keys()).collect();
    for key in names {
        let (name, _, is_own) = key;
        let difference = difference(
            first.functions.get(key).unwrap_or(&none),
            second.functions.get(key).unwrap_or(&none),
            [before, after],
        );
        if difference.is_change() {
            functions.push((name.clone(), *is_own, difference));
        }
    }
    functions.sort_by(|a, b| b.1.cmp(&a.1).then(b.2.change().abs().total_cmp(&a.2.change().abs())));
    functions.truncate(LISTED);
    Ok(ProfileChange {
        unit: before
            .profile
            .sample_types
            .get(before.profile.main_value())
            .map(|kind| kind.unit.clone())
            .unwrap_or_default(),
        total: difference(&first.total, &second.total, [before, after]),
        edited: difference(&first.edited, &second.edited, [before, after]),
        rest: (first.tells_files && second.tells_files)
            .then(|| difference(&first.rest, &second.rest, [before, after])),
        functions: functions.into_iter().map(|(name, _, difference)| (name, difference)).collect(),
    })
}

impl ProfileChange {
    /// What the change of the edited files cannot explain: the change of everything else, where it is beyond
    /// its own noise and more than a fifth of the whole change. `None` where nothing remains.
    pub fn unexplained(&self) -> Option<Difference> {
        self.rest.filter(|rest| rest.is_change() && rest.change().abs() > 0.2 * self.total.change().abs())
    }

    /// One line each for the record and the next brief.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = vec![format!("profile: {}", self.line(self.total))];
        notes.extend(self.functions.iter().map(|(name, change)| format!("{name}: {}", self.line(*change))));
        if let Some(rest) = self.unexplained() {
            notes.push(format!("not explained by the edited files: {}", self.line(rest)));
        }
        notes
    }

    /// `120 → 80 nanoseconds an iteration (±6)`.
    fn line(&self, change: Difference) -> String {
        let noise =
            if change.noise.is_finite() { format!(" (±{})", digits(change.noise)) } else { String::new() };
        let within = if change.is_change() { "" } else { ", within sampling noise" };
        format!(
            "{} → {} {} an iteration{noise}{within}",
            digits(change.before),
            digits(change.after),
            self.unit
        )
    }
}

/// About three significant digits.
fn digits(value: f64) -> String {
    let decimals = if value.abs() >= 100.0 {
        0
    } else if value.abs() >= 1.0 {
        1
    } else {
        3
    };
    format!("{value:.decimals$}")
}

fn check(what: &'static str, before: String, after: String) -> Result<(), Incomparable> {
    if before == after { Ok(()) } else { Err(Incomparable { what, before, after }) }
}

/// A value with the sum of squares its noise comes from.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    value: f64,
    /// Σ value²/count over stacks: the variance under Poisson counts.
    variance: f64,
}

impl Sum {
    fn add(&mut self, value: f64, count: Option<f64>) {
        self.value += value;
        self.variance += match count {
            Some(count) if count > 0.0 => value * value / count,
            Some(_) if value == 0.0 => 0.0,
            _ => f64::INFINITY,
        };
    }
}

fn difference(before: &Sum, after: &Sum, sides: [PerWork<'_>; 2]) -> Difference {
    let [first, second] = sides.map(|side| side.work.max(f64::MIN_POSITIVE));
    let variance = before.variance / (first * first) + after.variance / (second * second);
    Difference { before: before.value / first, after: after.value / second, noise: Z * variance.sqrt() }
}

/// Sums of one side. Functions by name, file relative to the project, and whether they are the project's.
struct Sums {
    total: Sum,
    edited: Sum,
    /// Neither of an edited file nor of a function of the project whose file is not known.
    rest: Sum,
    /// Whether the file of any function of the project is known.
    tells_files: bool,
    functions: BTreeMap<(String, String, bool), Sum>,
}

impl Sums {
    fn of(side: PerWork<'_>, project: &Project, edited: &[&str]) -> Self {
        let profile = side.profile;
        let keys: Vec<(String, String, bool)> = profile
            .functions()
            .map(|(_, function)| {
                let file = project.relative(&function.file).unwrap_or(&function.file);
                (function.name.to_string(), file.to_owned(), project.owner(function) != Owner::Other)
            })
            .collect();
        let is_edited: Vec<bool> =
            keys.iter().map(|(_, file, own)| *own && edited.contains(&file.as_str())).collect();
        let is_unplaced: Vec<bool> = (profile.functions())
            .map(|(_, function)| function.file.is_empty() && project.owner(function) == Owner::Project)
            .collect();
        let mut sums = Self {
            total: Sum::default(),
            edited: Sum::default(),
            rest: Sum::default(),
            tells_files: keys.iter().any(|(_, file, own)| *own && !file.is_empty()),
            functions: BTreeMap::new(),
        };
        let mut by_function = vec![Sum::default(); keys.len()];
        let mut seen = HashSet::new();
        for (stack, values) in profile.samples() {
            let value = weight(values, profile.main_value());
            let count = profile.count_value().map(|count| weight(values, count));
            sums.total.add(value, count);
            seen.clear();
            seen.extend(profile.stack(stack).iter().map(|frame| profile.frame(*frame).function.index()));
            for index in &seen {
                by_function[*index].add(value, count);
            }
            if seen.iter().any(|index| is_edited[*index]) {
                sums.edited.add(value, count);
            } else if !seen.iter().any(|index| is_unplaced[*index]) {
                sums.rest.add(value, count);
            }
        }
        for (key, sum) in keys.into_iter().zip(by_function) {
            let entry = sums.functions.entry(key).or_default();
            entry.value += sum.value;
            entry.variance += sum.variance;
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::model::{Builder, Frame, Function, SampleType};

    fn folded(stacks: &[(&str, i64)]) -> Profile {
        let kinds = [("samples", "count"), ("cpu", "nanoseconds")];
        let kinds = kinds.map(|(name, unit)| SampleType { name: name.into(), unit: unit.into() });
        let mut builder = Builder::new(kinds.to_vec());
        for (stack, count) in stacks {
            let mut frames = Vec::new();
            for name in stack.split(';').rev() {
                let file = format!("/p/{name}.rs");
                let function = builder.function(Function {
                    name: name.into(),
                    file: file.as_str().into(),
                    module: "".into(),
                });
                frames.push(builder.frame(Frame { function, line: 1 }));
            }
            builder.sample(&frames, &[*count, *count * 1000]);
        }
        builder.finish()
    }

    fn change(before: &Profile, after: &Profile) -> ProfileChange {
        let project = Project::new(["/p"], []);
        let (before, after) =
            (PerWork { profile: before, work: 1000.0 }, PerWork { profile: after, work: 2000.0 });
        compare(before, after, &project, &["parse.rs"]).unwrap()
    }

    #[test]
    fn a_gain_in_the_edited_file_is_explained() {
        let change =
            change(&folded(&[("parse", 800), ("write", 400)]), &folded(&[("parse", 400), ("write", 800)]));
        assert_eq!((change.total.before, change.total.after), (1200.0, 600.0));
        assert_eq!(change.unexplained(), None);
        assert_eq!(
            change.notes(),
            [
                "profile: 1200 → 600 nanoseconds an iteration (±75.9)",
                "parse: 800 → 200 nanoseconds an iteration (±58.8)"
            ]
        );
    }

    #[test]
    fn a_gain_elsewhere_is_not_explained() {
        let change =
            change(&folded(&[("parse", 800), ("write", 400)]), &folded(&[("parse", 1600), ("write", 100)]));
        let rest = change.unexplained().unwrap();
        assert_eq!((rest.before, rest.after), (400.0, 50.0));
        assert!(change.notes().last().unwrap().starts_with("not explained by the edited files: 400 → 50.0 "));
    }

    #[test]
    fn without_the_files_of_functions_nothing_is_called_unexplained() {
        let nameless = |stacks: &[(&str, i64)]| {
            let mut builder = Builder::new(folded(&[]).sample_types.clone());
            for (name, count) in stacks {
                let function = Function { name: (*name).into(), file: "".into(), module: "/p/bench".into() };
                let function = builder.function(function);
                let frame = builder.frame(Frame { function, line: 0 });
                builder.sample(&[frame], &[*count, *count * 1000]);
            }
            builder.finish()
        };
        let change = change(&nameless(&[("parse", 1000)]), &nameless(&[("parse", 400)]));
        assert!(change.total.is_change());
        assert_eq!(change.unexplained(), None);
    }

    #[test]
    fn profiles_of_different_values_do_not_compare() {
        let other = Builder::new(vec![SampleType { name: "alloc".into(), unit: "bytes".into() }]).finish();
        let (before, after) =
            (PerWork { profile: &folded(&[]), work: 1.0 }, PerWork { profile: &other, work: 1.0 });
        let error = compare(before, after, &Project::default(), &[]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "profiles of different values do not compare: cpu/nanoseconds before, alloc/bytes after"
        );
    }
}
