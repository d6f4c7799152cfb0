//! A rectangle with a scale on each side, and the marks that can be put into it.
//!
//! Start at [`Frame`].

use crate::app::report::safe;

/// Where a plot lies on its picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Numbers that a side stands for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Range {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Range {
    /// Of these values, with some air; `None` where there are none.
    pub(super) fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut values = values.into_iter().filter(|value| value.is_finite());
        let first = values.next()?;
        let (low, high) = values.fold((first, first), |(low, high), v| (low.min(v), high.max(v)));
        let air = (0.06 * (high - low)).max(1e-9_f64.max(1e-3 * high.abs()));
        Some(Self { low: low - air, high: high + air })
    }

    /// Round numbers inside, about `wanted` of them, and the decimals they need.
    pub(super) fn ticks(self, wanted: f64) -> (Vec<f64>, usize) {
        let raw = (self.high - self.low) / wanted;
        let power = libm::pow(10.0, libm::floor(libm::log10(raw)));
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|step| *step >= raw);
        let step = step.unwrap_or(10.0 * power);
        let mut ticks = Vec::new();
        let mut tick = libm::ceil(self.low / step) * step;
        while tick <= self.high && ticks.len() < 50 {
            ticks.push(if tick.abs() < step / 1000.0 { 0.0 } else { tick });
            tick += step;
        }
        let decimals = [1.0, 0.1, 0.01, 0.001].iter().take_while(|unit| step < **unit * 0.999).count();
        (ticks, decimals)
    }
}

/// A plot in the making.
pub(super) struct Frame {
    pub(super) area: Area,
    pub(super) x: Range,
    pub(super) y: Range,
    svg: String,
}

impl Frame {
    pub(super) fn new(area: Area, x: Range, y: Range) -> Self {
        Self { area, x, y, svg: String::new() }
    }

    pub(super) fn at_x(&self, x: f64) -> f64 {
        self.area.left + self.area.width * (x - self.x.low) / (self.x.high - self.x.low)
    }

    pub(super) fn at_y(&self, y: f64) -> f64 {
        self.area.top + self.area.height * (self.y.high - y) / (self.y.high - self.y.low)
    }

    pub(super) fn right(&self) -> f64 {
        self.area.left + self.area.width
    }

    pub(super) fn bottom(&self) -> f64 {
        self.area.top + self.area.height
    }

    /// The heading above.
    pub(super) fn heading(&mut self, text: &str) {
        let (x, y) = (self.area.left, self.area.top - 12.0);
        self.text((x, y), "head", text);
    }

    /// Lines across at round values, each with its number.
    pub(super) fn rows(&mut self, label: impl Fn(f64, usize) -> String) {
        let (ticks, decimals) = self.y.ticks(5.0);
        for tick in ticks {
            let y = self.at_y(tick);
            self.line("grid", (self.area.left, y), (self.right(), y));
            let text = label(tick, decimals);
            self.text((self.area.left - 6.0, y + 4.0), "tick end", &text);
        }
    }

    /// Numbers below, at whole values.
    pub(super) fn columns(&mut self, name: &str) {
        let (ticks, decimals) = self.x.ticks(6.0);
        for tick in ticks.into_iter().filter(|tick| decimals == 0 || tick.fract() == 0.0) {
            let place = (self.at_x(tick), self.bottom() + 16.0);
            self.text(place, "tick middle", &format!("{tick:.0}"));
        }
        let place = (self.area.left + self.area.width / 2.0, self.bottom() + 34.0);
        self.text(place, "tick middle", name);
    }

    pub(super) fn line(&mut self, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        self.svg.push_str(&format!(
            "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
        ));
    }

    /// A line across at a value.
    pub(super) fn level(&mut self, class: &str, y: f64) {
        let y = self.at_y(y);
        self.line(class, (self.area.left, y), (self.right(), y));
    }

    /// A strip across between two values, as far as it lies inside.
    pub(super) fn strip(&mut self, class: &str, low: f64, high: f64) {
        let (top, bottom) = (self.at_y(high.min(self.y.high)), self.at_y(low.max(self.y.low)));
        let (x, width, height) = (self.area.left, self.area.width, (bottom - top).max(0.5));
        self.svg.push_str(&format!(
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>"
        ));
    }

    pub(super) fn text(&mut self, (x, y): (f64, f64), class: &str, text: &str) {
        let text = safe::html(text);
        self.svg.push_str(&format!("<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{text}</text>"));
    }

    /// A mark with the words that stand beside the pointer.
    pub(super) fn mark(&mut self, mark: Mark, class: &str, (x, y): (f64, f64), told: &str) {
        let shape = match mark {
            Mark::Dot => format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>"),
            Mark::Disc => format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"6\"/>"),
            Mark::Diamond => format!(
                "<path d=\"M{x:.1} {:.1}L{:.1} {y:.1}L{x:.1} {:.1}L{:.1} {y:.1}Z\"/>",
                y - 7.0,
                x + 7.0,
                y + 7.0,
                x - 7.0
            ),
            Mark::Cross => format!(
                "<path d=\"M{0:.1} {2:.1}L{1:.1} {3:.1}M{0:.1} {3:.1}L{1:.1} {2:.1}\"/>",
                x - 5.0,
                x + 5.0,
                y - 5.0,
                y + 5.0
            ),
            Mark::Square => {
                format!("<rect x=\"{:.1}\" y=\"{:.1}\" width=\"12\" height=\"12\"/>", x - 6.0, y - 6.0)
            }
        };
        let told = safe::html(told);
        self.svg.push_str(&format!("<g class=\"{class}\"><title>{told}</title>{shape}</g>"));
    }

    pub(super) fn path(&mut self, class: &str, points: &[(f64, f64)]) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        self.svg.push_str(&format!("<polyline class=\"{class}\" points=\"{}\"/>", points.join(" ")));
    }

    pub(super) fn done(self) -> String {
        self.svg
    }
}

/// The shape of a mark.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mark {
    Dot,
    Disc,
    Diamond,
    Cross,
    Square,
}

/// A picture with what is said of it to those who do not see it.
pub(super) struct Picture<'a> {
    pub(super) id: &'a str,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) size: (f64, f64),
}

impl Picture<'_> {
    pub(super) fn around(self, inner: &str) -> String {
        let (id, (width, height)) = (self.id, self.size);
        let (title, description) = (safe::html(&self.title), safe::html(&self.description));
        format!(
            "<svg class=\"plot\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\">\
             <title id=\"{id}-t\">{title}</title><desc id=\"{id}-d\">{description}</desc>{inner}</svg>"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_say_how_many_decimals_they_need() {
        let (ticks, decimals) = Range { low: -31.2, high: 2.0 }.ticks(5.0);
        assert_eq!((ticks, decimals), (vec![-30.0, -20.0, -10.0, 0.0], 0));
        let (ticks, decimals) = Range { low: 1.02, high: 1.09 }.ticks(4.0);
        let ticks: Vec<String> = ticks.iter().map(|tick| format!("{tick:.decimals$}")).collect();
        assert_eq!(ticks, ["1.02", "1.04", "1.06", "1.08"]);
    }

    #[test]
    fn values_that_are_all_equal_have_a_range() {
        let range = Range::of([5.0, 5.0]).unwrap();
        assert!(range.low < 5.0 && range.high > 5.0);
        assert!(Range::of([f64::NAN]).is_none());
    }
}
