//! The course of a run: what HEAD costs after each proposal, and what each proposal would have cost.

use crate::app::report::document::{Document, Point, State};
use crate::engine::words;

use super::frame::{Area, Frame, Mark, Picture, Range};

const WIDTH: f64 = 920.0;
const HEIGHT: f64 = 340.0;

/// Draws it.
pub(super) fn draw(document: &Document) -> String {
    let course = &document.course;
    let measured = document.total.map(|total| (100.0 + total.change, 100.0 + total.low, 100.0 + total.high));
    let of_points = course.iter().flat_map(|point| {
        let own = point.candidate.map(|cost| [cost.cost, cost.low, cost.high]);
        std::iter::once(point.head).chain(own.into_iter().flatten())
    });
    let of_total = measured.into_iter().flat_map(|(cost, low, high)| [cost, low, high]);
    let costs = of_points.chain(of_total).chain(document.goal_cost).chain([100.0]);
    let y = Range::of(costs).unwrap_or(Range { low: 0.0, high: 100.0 });
    let last = slot(course.len()) + if measured.is_some() { 1.0 } else { 0.0 };
    let x = Range { low: -0.4, high: last + 0.4 };
    let area = Area { left: 58.0, top: 40.0, width: WIDTH - 76.0, height: HEIGHT - 96.0 };
    let mut frame = Frame::new(area, x, y);
    frame.heading("cost in percent of the original's");
    frame.rows(|tick, decimals| format!("{tick:.decimals$} %"));
    if let Some(goal) = document.goal_cost {
        frame.level("goal", goal);
        let place = (frame.right(), frame.at_y(goal) - 5.0);
        frame.text(place, "tick end", &format!("goal {}", document.goal.as_deref().unwrap_or_default()));
    }
    head(&mut frame, course);
    for (at, point) in course.iter().enumerate() {
        mark(&mut frame, slot(at + 1), point);
    }
    let place = (frame.at_x(0.0), frame.bottom() + 16.0);
    frame.text(place, "tick middle", "original");
    if let Some((cost, low, high)) = measured {
        let x = frame.at_x(last);
        frame.line("total whisker", (x, frame.at_y(low)), (x, frame.at_y(high)));
        let place = (x, frame.at_y(cost));
        frame.mark(Mark::Square, "total", place, &format!("HEAD, measured after all decisions: {cost:.1} %"));
        let place = (x, frame.bottom() + 16.0);
        frame.text(place, "tick middle", "measured");
    }
    let place = (frame.area.left + frame.area.width / 2.0, frame.bottom() + 34.0);
    frame.text(place, "tick middle", "proposal");
    let picture = Picture {
        id: "course",
        title: "The course of the run".to_owned(),
        description: described(course),
        size: (WIDTH, HEIGHT),
    };
    picture.around(&frame.done())
}

/// Proposals stand at 1, 2, …, whatever their numbers are.
fn slot(at: usize) -> f64 {
    f64::from(u32::try_from(at).unwrap_or(u32::MAX))
}

/// HEAD as steps.
fn head(frame: &mut Frame, course: &[Point]) {
    let mut steps = vec![(frame.at_x(0.0), frame.at_y(100.0))];
    let mut before = 100.0;
    for (at, point) in course.iter().enumerate() {
        let x = frame.at_x(slot(at + 1));
        steps.push((x, frame.at_y(before)));
        steps.push((x, frame.at_y(point.head)));
        before = point.head;
    }
    steps.push((frame.at_x(slot(course.len()) + 0.4), frame.at_y(before)));
    frame.path("headline", &steps);
}

fn mark(frame: &mut Frame, slot: f64, point: &Point) {
    let (shape, class) = match point.state {
        State::Kept | State::Accepted => (Mark::Disc, "kept"),
        State::Held => (Mark::Diamond, "held"),
        State::Rejected | State::Open => (Mark::Cross, "rejected"),
    };
    let x = frame.at_x(slot);
    if let Some(cost) = point.candidate {
        frame.line(&format!("{class} whisker"), (x, frame.at_y(cost.low)), (x, frame.at_y(cost.high)));
    }
    let cost = point.candidate.map_or(point.head, |cost| cost.cost);
    let class = if point.candidate.is_some() { class.to_owned() } else { format!("{class} unmeasured") };
    let place = (x, frame.at_y(cost));
    frame.mark(shape, &class, place, &told(point));
    let place = (x, frame.bottom() + 16.0);
    frame.text(place, "tick middle", &point.proposal.to_string());
}

fn told(point: &Point) -> String {
    let cost = match point.candidate {
        Some(cost) => format!("{:.1} % of the original [{:.1}, {:.1}]", cost.cost, cost.low, cost.high),
        None => "not measured".to_owned(),
    };
    format!("proposal {}: {}, {cost}", point.proposal, point.verdict)
}

fn described(course: &[Point]) -> String {
    let steps: Vec<String> = course
        .iter()
        .map(|point| format!("{}; HEAD {} %", told(point), words::signed(point.head - 100.0)))
        .collect();
    steps.join(". ")
}
