//! Where a profile's value is spent: functions by cumulative share, their callers, callees and lines.
//!
//! Recursion counts once: a function's cumulative share is that of the samples it stands in, however often.
//! It is also Amdahl's bound (Amdahl 1967): removing the function whole saves at most that share.

use std::collections::{HashMap, HashSet};

use super::model::{FunctionId, Profile};
use super::project::{Owner, Project};
use crate::model::hotspot::Hotspot;

/// Callers, callees and lines that are listed for a hotspot.
const LISTED: usize = 5;

/// What a profile says about where to look.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The event that was really recorded, or what the value counts where the format does not tell.
    pub event: String,
    /// Samples; `None` where the format does not count them.
    pub samples: Option<u64>,
    /// Functions of the project worth attacking, largest bound first.
    pub hotspots: Vec<Hotspot>,
    /// Whether any sample shows code of the project, be it only what drives the measurement.
    pub shows_project: bool,
    /// Functions of others in which most is spent themselves, largest first: what the hotspots spend it on.
    pub elsewhere: Vec<Hotspot>,
    /// What a reader must know about the profile.
    pub warnings: Vec<String>,
}

/// The largest hotspots of the profile's main value, at most `most` of each kind.
pub fn find(profile: &Profile, project: &Project, most: usize) -> Found {
    let shares = Shares::of(profile, profile.main_value());
    // What drives calls everything: only what it spends itself, on code inlined into it, can be saved there.
    let bound = |id: FunctionId| match project.owner(profile.function(id)) {
        Owner::Driver => shares.own(id),
        Owner::Project | Owner::Other => shares.cumulative(id),
    };
    let mut own: Vec<FunctionId> = Vec::new();
    let mut others: Vec<FunctionId> = Vec::new();
    let mut shows_project = false;
    for (id, function) in profile.functions() {
        shows_project |= project.owner(function) != Owner::Other && shares.cumulative(id) > 0.0;
        match project.owner(function) {
            Owner::Project if bound(id) > 0.0 => own.push(id),
            Owner::Driver if bound(id) > 0.0 && !project.measures(function) => own.push(id),
            Owner::Other if shares.own(id) > 0.0 => others.push(id),
            _ => {}
        }
    }
    // Equal shares: the inner function first, which has more of its own; names keep the order stable.
    let by = |key: &dyn Fn(FunctionId) -> (f64, f64), ids: &mut Vec<FunctionId>| {
        ids.sort_by(|a, b| {
            let (a_key, b_key) = (key(*a), key(*b));
            let name = || profile.function(*a).name.cmp(&profile.function(*b).name);
            b_key.0.total_cmp(&a_key.0).then(b_key.1.total_cmp(&a_key.1)).then_with(name)
        });
        ids.truncate(most);
    };
    by(&|id| (bound(id), shares.own(id)), &mut own);
    by(&|id| (shares.own(id), shares.cumulative(id)), &mut others);
    let around = Around::of(profile, &shares, &own.iter().chain(&others).copied().collect());
    let hotspot = |id: &FunctionId| {
        let function = profile.function(*id);
        let listed = around.listed(profile, &shares, *id);
        let relative = project.relative(&function.file);
        Hotspot {
            name: function.name.to_string(),
            file: relative.or(Some(&function.file)).filter(|file| !file.is_empty()).map(str::to_owned),
            bound: bound(*id),
            own: shares.own(*id),
            user_code: project.owner(function) != Owner::Other,
            callers: listed.callers,
            callees: listed.callees,
            lines: listed.lines,
            source: None,
        }
    };
    let kind = profile.sample_types.get(profile.main_value());
    Found {
        event: profile
            .origin
            .event
            .clone()
            .or_else(|| kind.map(|kind| kind.name.clone()))
            .unwrap_or_default(),
        samples: profile.count_value().map(|count| profile.total(count).max(0).cast_unsigned()),
        hotspots: own.iter().map(hotspot).collect(),
        shows_project,
        elsewhere: others.iter().map(hotspot).collect(),
        warnings: profile.origin.warnings.clone(),
    }
}

/// Cumulative and own value of every function.
pub(super) struct Shares {
    value: usize,
    total: f64,
    cumulative: Vec<f64>,
    own: Vec<f64>,
}

impl Shares {
    pub(super) fn of(profile: &Profile, value: usize) -> Self {
        let count = profile.function_count();
        let mut shares = Self { value, total: 0.0, cumulative: vec![0.0; count], own: vec![0.0; count] };
        // The sample in which a function was seen last, so that recursion counts once.
        let mut seen = vec![0_usize; count];
        for (epoch, (stack, values)) in profile.samples().enumerate() {
            let weight = weight(values, value);
            shares.total += weight;
            for (depth, frame) in profile.stack(stack).iter().enumerate() {
                let index = profile.frame(*frame).function.index();
                if depth == 0 {
                    shares.own[index] += weight;
                }
                if seen[index] != epoch + 1 {
                    seen[index] = epoch + 1;
                    shares.cumulative[index] += weight;
                }
            }
        }
        shares
    }

    pub(super) fn cumulative(&self, id: FunctionId) -> f64 {
        self.share(self.cumulative[id.index()])
    }

    fn own(&self, id: FunctionId) -> f64 {
        self.share(self.own[id.index()])
    }

    fn share(&self, value: f64) -> f64 {
        if self.total > 0.0 { value / self.total } else { 0.0 }
    }
}

/// A sample's value; a negative one (a difference profile) has no share.
#[expect(clippy::cast_precision_loss, reason = "shares are printed with three digits")]
pub(super) fn weight(values: &[i64], value: usize) -> f64 {
    values.get(value).copied().unwrap_or(0).max(0) as f64
}

/// Edges and lines of the chosen functions.
#[derive(Default)]
struct Around {
    callers: HashMap<(FunctionId, FunctionId), f64>,
    callees: HashMap<(FunctionId, FunctionId), f64>,
    lines: HashMap<(FunctionId, u32), f64>,
}

impl Around {
    fn of(profile: &Profile, shares: &Shares, chosen: &HashSet<FunctionId>) -> Self {
        let mut around = Self::default();
        let (mut edges, mut lines) = (HashSet::new(), HashSet::new());
        for (stack, values) in profile.samples() {
            let weight = weight(values, shares.value);
            let frames = profile.stack(stack);
            edges.clear();
            lines.clear();
            for (depth, frame) in frames.iter().enumerate() {
                let frame = profile.frame(*frame);
                let caller = frames.get(depth + 1).map(|frame| profile.frame(*frame).function);
                if chosen.contains(&frame.function)
                    && frame.line > 0
                    && lines.insert((frame.function, frame.line))
                {
                    *around.lines.entry((frame.function, frame.line)).or_default() += weight;
                }
                let Some(caller) = caller.filter(|caller| *caller != frame.function) else { continue };
                let interesting = chosen.contains(&frame.function) || chosen.contains(&caller);
                if interesting && edges.insert((caller, frame.function)) {
                    if chosen.contains(&frame.function) {
                        *around.callers.entry((frame.function, caller)).or_default() += weight;
                    }
                    if chosen.contains(&caller) {
                        *around.callees.entry((caller, frame.function)).or_default() += weight;
                    }
                }
            }
        }
        around
    }

    /// Callers and callees with their share of the function, lines with their share of the whole.
    fn listed(&self, profile: &Profile, shares: &Shares, id: FunctionId) -> Listed {
        let of_function = shares.cumulative[id.index()].max(f64::MIN_POSITIVE);
        let named = |edges: &HashMap<(FunctionId, FunctionId), f64>| {
            let of_id = edges.iter().filter(|((from, _), _)| *from == id);
            largest(
                of_id.map(|((_, to), value)| (profile.function(*to).name.to_string(), value / of_function)),
            )
        };
        let lines = self.lines.iter().filter(|((function, _), _)| *function == id);
        Listed {
            callers: named(&self.callers),
            callees: named(&self.callees),
            lines: largest(lines.map(|((_, line), value)| (*line, shares.share(*value)))),
        }
    }
}

/// What stands around a function, largest first.
struct Listed {
    callers: Vec<(String, f64)>,
    callees: Vec<(String, f64)>,
    lines: Vec<(u32, f64)>,
}

/// The largest entries, at most [`LISTED`], in a stable order.
fn largest<T: Ord>(entries: impl Iterator<Item = (T, f64)>) -> Vec<(T, f64)> {
    let mut entries: Vec<(T, f64)> = entries.filter(|(_, value)| *value > 0.0).collect();
    entries.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    entries.truncate(LISTED);
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::model::{Builder, Frame, Function, SampleType};

    /// A profile from folded stacks, root first; every function is at line 10 of `/p/NAME.rs`.
    fn folded(stacks: &[(&str, i64)]) -> Profile {
        let mut builder = Builder::new(vec![SampleType { name: "samples".into(), unit: "count".into() }]);
        for (stack, count) in stacks {
            let mut frames = Vec::new();
            for name in stack.split(';').rev() {
                let file =
                    if name.starts_with("std") { "/lib/std.rs".to_owned() } else { format!("/p/{name}.rs") };
                let function = Function { name: name.into(), file: file.as_str().into(), module: "".into() };
                let function = builder.function(function);
                frames.push(builder.frame(Frame { function, line: 10 }));
            }
            builder.sample(&frames, &[*count]);
        }
        builder.finish()
    }

    #[test]
    fn recursion_counts_once_and_drivers_are_no_hotspots() {
        let profile = folded(&[
            ("main;parse;walk;walk;walk", 40),
            ("main;parse;walk;std::alloc", 30),
            ("main;parse", 20),
            ("main;other", 10),
        ]);
        let found = find(&profile, &Project::new(["/p"], []), 3);
        let seen: Vec<(&str, f64, f64)> =
            found.hotspots.iter().map(|h| (h.name.as_str(), h.bound, h.own)).collect();
        assert_eq!(seen, [("parse", 0.9, 0.2), ("walk", 0.7, 0.4), ("other", 0.1, 0.1)]);
        assert_eq!(found.hotspots[1].callers, [("parse".to_owned(), 1.0)]);
        assert_eq!(found.hotspots[1].callees, [("std::alloc".to_owned(), 30.0 / 70.0)]);
        assert_eq!(found.hotspots[1].lines, [(10, 0.7)]);
        assert_eq!(found.hotspots[1].file.as_deref(), Some("walk.rs"));
        assert_eq!(found.elsewhere.iter().map(|h| h.name.as_str()).collect::<Vec<_>>(), ["std::alloc"]);
        assert_eq!(found.samples, Some(100));
    }

    #[test]
    fn a_driver_is_worth_what_it_spends_itself_unless_it_measures() {
        let profile =
            folded(&[("main;parse", 30), ("main", 70), ("benches/main", 50), ("benches/main;parse", 50)]);
        let found = find(&profile, &Project::new(["/p"], []), 3);
        let seen: Vec<(&str, f64)> = found.hotspots.iter().map(|h| (h.name.as_str(), h.bound)).collect();
        assert_eq!(seen, [("parse", 0.4), ("main", 0.35)]);
        assert!(found.hotspots[1].user_code);
    }

    #[test]
    fn a_profile_without_samples_has_no_hotspots() {
        let found = find(&folded(&[]), &Project::new(["/p"], []), 3);
        assert_eq!((found.hotspots, found.samples), (vec![], Some(0)));
    }
}
