//! Numbers with a unit as costs: less is better, whatever the benchmark counts.

/// Whether more of it is better: something per second.
pub(super) fn is_rate(unit: &str) -> bool {
    unit.ends_with("/s") || unit.ends_with("/sec")
}

/// A number of `unit` as a cost (decision.md A.1: throughput becomes time per operation).
pub(super) fn as_cost(number: f64, unit: &str) -> f64 {
    if let Some(per) = unit.strip_suffix("/s").or_else(|| unit.strip_suffix("/sec")) {
        let scale = if per.starts_with('k') {
            1e3
        } else if per.starts_with('M') {
            1e6
        } else if per.starts_with('G') {
            1e9
        } else {
            1.0
        };
        return 1e9 / (number * scale);
    }
    let scale = match unit.split('/').next().unwrap_or("") {
        "us" | "µs" | "μs" => 1e3,
        "ms" => 1e6,
        "s" | "sec" | "seconds" => 1e9,
        _ => 1.0,
    };
    number * scale
}
