//! The course of each benchmark over runs: what every landed or compared commit did to it.
//!
//! Numbers of different places (machine, kernel, tools, instrument) are not put side by side unless a person says so.
//! Effects are each against their own base; they do not add up. Start at [`of`].

use std::collections::BTreeMap;

use crate::app::compare::Across;
use crate::app::earlier::{differences, place};
use crate::app::reporter::amounts::counted;
use crate::engine::record::{Calibrated, Header, Pursuit};
use crate::model::id::CommitId;
use crate::stats::estimate::Estimate;
use crate::stats::family::Standing;

use super::log::Row;
use super::summary::with_level;

/// One finding about one benchmark.
struct Point<'a> {
    row: &'a Row,
    commit: CommitId,
    what: String,
    effect: Estimate,
    place: BTreeMap<String, String>,
}

/// A table a benchmark, oldest first.
pub fn of(rows: &[Row], across: Across) -> String {
    let mut benchmarks: BTreeMap<String, Vec<Point<'_>>> = BTreeMap::new();
    for row in rows {
        for (name, point) in points(row) {
            benchmarks.entry(name).or_default().push(point);
        }
    }
    if benchmarks.is_empty() {
        return "No run has landed or compared a commit yet.\n".to_owned();
    }
    let tables = benchmarks.iter().map(|(name, points)| table(name, points, across));
    tables.collect::<Vec<_>>().join("\n")
}

fn table(name: &str, points: &[Point<'_>], across: Across) -> String {
    let mut lines = vec![name.to_owned()];
    let now = points.last().map(|point| &point.place);
    let mut left_out: BTreeMap<String, usize> = BTreeMap::new();
    for point in points {
        let apart = now.map(|now| differences(&point.place, now)).unwrap_or_default();
        let mark = if apart.is_empty() { "" } else { "  (another place)" };
        if !apart.is_empty() && across == Across::Refused {
            *left_out.entry(apart.join("; ")).or_default() += 1;
            continue;
        }
        lines.push(format!(
            "  {}  {}  {:13}  {}  {}{mark}",
            point.row.began.strftime("%Y-%m-%d %H:%M"),
            point.commit.short(),
            point.what,
            with_level(&point.effect),
            point.row.header.run,
        ));
    }
    for (apart, count) in left_out {
        lines.push(format!(
            "  {} measured in another place ({apart}): not comparable; `--across` shows them",
            counted(count, "finding")
        ));
    }
    lines.join("\n") + "\n"
}

/// What a run says of each benchmark.
fn points(row: &Row) -> Vec<(String, Point<'_>)> {
    let Row { header, outcome, .. } = row;
    let point = |commit, what: &str, effect, calibrated: Option<&Calibrated>| Point {
        row,
        commit,
        what: what.to_owned(),
        effect,
        place: with_instrument(header, calibrated),
    };
    if let Pursuit::Compare { candidate, .. } = header.pursuit {
        let of = |name: &str| outcome.calibrated.iter().find(|one| one.work.benchmark.as_str() == name);
        let members = outcome.members.iter().filter_map(|member| {
            let name = member.benchmark.as_str();
            let word = match member.standing {
                Standing::Regressed => "regressed",
                Standing::Improved => "improved",
                Standing::Clean => "no regression",
                _ => "unproven",
            };
            Some((name.to_owned(), point(candidate.commit, word, member.estimate?, of(name))))
        });
        return members.collect();
    }
    let landed = outcome.attempts.iter().filter_map(|attempt| {
        let what = point(attempt.landed?, "landed", attempt.effect?, outcome.calibrated.first());
        Some((header.target.name.clone(), what))
    });
    landed.collect()
}

/// A place, and how the cost is read there.
fn with_instrument(header: &Header, calibrated: Option<&Calibrated>) -> BTreeMap<String, String> {
    let mut place = place(header);
    if let Some(calibrated) = calibrated {
        let how = format!("{:?} ({:?})", calibrated.instrument, calibrated.cost_from).to_lowercase();
        place.insert("instrument".to_owned(), how);
    }
    place
}
