//! What readers of several harnesses need: that a number is a cost, the median of some, a name as a pattern.

/// A number that can be a cost: finite and above zero.
pub(super) fn cost(value: f64) -> Result<f64, String> {
    if value.is_finite() && value > 0.0 {
        Ok(value)
    } else {
        Err(format!("{value} is no cost: it must be finite and above zero"))
    }
}

/// The median; `None` of nothing.
pub(super) fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let high = *values.get(middle)?;
    // Halved before the sum, which could overflow.
    Some(if values.len() % 2 == 1 { high } else { values[middle - 1] / 2.0 + high / 2.0 })
}

/// `name` as a regular expression that matches it alone, as POSIX, Rust and Go read it.
pub(super) fn quoted(name: &str) -> String {
    let mut quoted = String::with_capacity(name.len());
    for c in name.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted
}
