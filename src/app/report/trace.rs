//! The raw pairs of a calibration as CSV, in the form of the recordings that the validation suite replays.
//!
//! `pairs`: one coin-ordered pair of the original with itself a line. `series`: the same launches one after another.
//! Memory is empty where the launcher's own hides it (decision.md A.11), involuntary switches beside a service; a pair's
//! time is that of its record. Start at [`of`].

use std::collections::BTreeMap;

use crate::engine::measure::{Launched, MeasuredPair, Reading};
use crate::engine::record::{Calibrated, Calibration, Entry, Record};
use crate::stats::coin::ComparisonKind;
use crate::stats::pair::Order;

/// The two files of a benchmark.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// `pair,first,t,a_ms,b_ms,a_cpu,b_cpu,a_rss,b_rss,a_nivcsw,b_nivcsw`.
    pub pairs: String,
    /// `i,t,ms,cpu,rss,nivcsw`.
    pub series: String,
}

const PAIRS: &str = "pair,first,t,a_ms,b_ms,a_cpu,b_cpu,a_rss,b_rss,a_nivcsw,b_nivcsw\n";
const SERIES: &str = "i,t,ms,cpu,rss,nivcsw\n";

/// From records with their times in milliseconds since 1970: the texts of each benchmark by name.
pub fn of(entries: &[(i64, Entry)]) -> BTreeMap<String, Texts> {
    let mut benchmarks: Vec<Calibrated> = Vec::new();
    let mut texts: BTreeMap<String, Texts> = BTreeMap::new();
    for (at, entry) in entries {
        match &entry.record {
            Record::Calibrated(Calibration::Ready { benchmarks: calibrated, .. }) => {
                benchmarks.clone_from(calibrated);
            }
            Record::Measured(measured) if measured.comparison.kind == ComparisonKind::Noise => {
                for pair in &measured.pairs {
                    let Some(name) = benchmarks.get(pair.work).map(|work| work.work.benchmark.to_string())
                    else {
                        continue;
                    };
                    let texts = texts
                        .entry(name)
                        .or_insert_with(|| Texts { pairs: PAIRS.to_owned(), series: SERIES.to_owned() });
                    line(texts, *at, pair);
                }
            }
            _ => {}
        }
    }
    texts
}

/// A pair in which a launch failed has no line.
fn line(texts: &mut Texts, at: i64, pair: &MeasuredPair) {
    let (Launched::Read(base), Launched::Read(candidate)) = (&pair.base, &pair.candidate) else { return };
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit")]
    let seconds = at as f64 / 1000.0;
    let kib = |reading: &Reading| reading.peak.map_or_else(String::new, |peak| (peak / 1024).to_string());
    let switches = |reading: &Reading| reading.switches.map_or_else(String::new, |count| count.to_string());
    let (first, launches) = match pair.order {
        Order::BaseFirst => ("AB", [base, candidate]),
        Order::CandidateFirst => ("BA", [candidate, base]),
    };
    texts.pairs.push_str(&format!(
        "{},{first},{seconds},{:.6},{:.6},{:.6},{:.6},{},{},{},{}\n",
        pair.pair - 1,
        1000.0 * base.wall,
        1000.0 * candidate.wall,
        1000.0 * base.cpu,
        1000.0 * candidate.cpu,
        kib(base),
        kib(candidate),
        switches(base),
        switches(candidate)
    ));
    for reading in launches {
        let index = texts.series.lines().count() - 1;
        texts.series.push_str(&format!(
            "{index},{seconds},{:.6},{:.6},{},{}\n",
            1000.0 * reading.wall,
            1000.0 * reading.cpu,
            kib(reading),
            switches(reading)
        ));
    }
}
