//! The samples of a comparison: the change of each pair with the interval, and what each launch cost.

use crate::app::report::document::{Comparison, Pair};
use crate::engine::words;

use super::frame::{Area, Frame, Mark, Picture, Range};

const WIDTH: f64 = 920.0;
const HEIGHT: f64 = 260.0;
const TOP: f64 = 40.0;
const BELOW: f64 = 48.0;

/// Draws them; `None` where no pair gave a value.
pub(super) fn draw(comparison: &Comparison, id: &str) -> Option<String> {
    let changes = changes(comparison)?;
    let costs = costs(comparison)?;
    let pairs = comparison.pairs.len();
    let effect = comparison.effect.map_or_else(String::new, |effect| {
        let [change, low, high] = [effect.change, effect.low, effect.high].map(words::signed);
        format!(", {change} % [{low}, {high}]")
    });
    let failed = comparison.pairs.iter().filter(|pair| pair.change.is_none()).count();
    let failed = if failed == 0 { String::new() } else { format!(", {failed} of them failed") };
    let picture = Picture {
        id,
        title: format!("{} of {}{effect}", comparison.purpose, comparison.benchmark),
        description: format!(
            "{pairs} pairs{failed}; left the change of each, right the cost of each launch of base and candidate, by {}",
            comparison.instrument
        ),
        size: (WIDTH, HEIGHT),
    };
    Some(picture.around(&(changes + &costs)))
}

fn of_pairs(comparison: &Comparison) -> Range {
    let last = comparison.pairs.iter().map(|pair| pair.pair).max().unwrap_or(1);
    Range { low: 0.0, high: f64::from(last) + 1.0 }
}

/// The change of each pair; the strip is the interval, the thick line the estimate.
fn changes(comparison: &Comparison) -> Option<String> {
    let effect = comparison.effect;
    let of_effect = effect.into_iter().flat_map(|effect| [effect.low, effect.high]);
    let values = comparison.pairs.iter().filter_map(|pair| pair.change);
    Range::of(values.clone())?;
    let y = Range::of(values.chain(of_effect).chain([0.0]))?;
    let area = Area { left: 58.0, top: TOP, width: 380.0, height: HEIGHT - TOP - BELOW };
    let mut frame = Frame::new(area, of_pairs(comparison), y);
    frame.heading("change of each pair (minus is cheaper)");
    if let Some(effect) = effect {
        frame.strip("band", effect.low, effect.high);
    }
    frame.rows(|tick, decimals| {
        let sign = if tick > 0.0 {
            "+"
        } else if tick < 0.0 {
            "−"
        } else {
            ""
        };
        format!("{sign}{:.decimals$} %", tick.abs())
    });
    frame.level("zero", 0.0);
    if let Some(effect) = effect {
        frame.level("estimate", effect.change);
    }
    frame.columns("pair");
    for pair in &comparison.pairs {
        let Some(change) = pair.change else { continue };
        let place = (frame.at_x(f64::from(pair.pair)), frame.at_y(change));
        frame.mark(Mark::Dot, "pair", place, &told(pair, change));
    }
    Some(frame.done())
}

fn told(pair: &Pair, change: f64) -> String {
    let first = if pair.base_first { "base" } else { "candidate" };
    format!("pair {}: {} %, {first} first", pair.pair, words::signed(change))
}

/// What each launch cost.
fn costs(comparison: &Comparison) -> Option<String> {
    let all = || comparison.pairs.iter().flat_map(|pair| [pair.base, pair.candidate]).flatten();
    let largest = all().fold(0.0, f64::max);
    let (factor, unit) = shown(&comparison.unit, largest);
    let y = Range::of(all().map(|cost| factor * cost))?;
    let area = Area { left: 524.0, top: TOP, width: 378.0, height: HEIGHT - TOP - BELOW };
    let mut frame = Frame::new(area, of_pairs(comparison), y);
    frame.heading(&format!("cost of each launch, {unit}"));
    frame.rows(|tick, decimals| format!("{tick:.decimals$}"));
    frame.columns("pair");
    for pair in &comparison.pairs {
        let x = frame.at_x(f64::from(pair.pair));
        let [base, candidate] = [pair.base, pair.candidate].map(|cost| cost.map(|cost| factor * cost));
        if let (Some(base), Some(candidate)) = (base, candidate) {
            frame.line("tie", (x, frame.at_y(base)), (x, frame.at_y(candidate)));
        }
        for (cost, class) in [(base, "base"), (candidate, "candidate")] {
            let Some(cost) = cost else { continue };
            let place = (x, frame.at_y(cost));
            frame.mark(Mark::Dot, class, place, &format!("pair {}, {class}: {cost:.3} {unit}", pair.pair));
        }
    }
    Some(frame.done())
}

/// Seconds in the unit people read them in.
fn shown(unit: &str, largest: f64) -> (f64, String) {
    match unit.strip_prefix("seconds") {
        Some(_) if largest < 1e-3 => (1e6, "µs".to_owned()),
        Some(_) if largest < 1.0 => (1e3, "ms".to_owned()),
        Some(_) => (1.0, "s".to_owned()),
        None => (1.0, unit.to_owned()),
    }
}
