//! Median, MAD and the robust standard deviations made of them, as every rule here reads them.
//!
//! Not an estimate with an interval: that is [`super::estimate`].

/// Makes a MAD a standard deviation under normal noise: 1 / Φ⁻¹(3/4).
pub const MAD_TO_SD: f64 = 1.4826;

/// The median; of an even count the mean of the middle two. `None` without values.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    median_of_sorted(&sorted)
}

/// [`median`] of values already in ascending order.
pub fn median_of_sorted(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    let upper = sorted.get(middle)?;
    if sorted.len() % 2 == 1 {
        return Some(*upper);
    }
    sorted.get(middle.checked_sub(1)?).map(|lower| f64::midpoint(*lower, *upper))
}

/// The median absolute deviation about the median, unscaled. `None` without values.
pub fn mad(values: &[f64]) -> Option<f64> {
    let center = median(values)?;
    let residuals: Vec<f64> = values.iter().map(|value| (value - center).abs()).collect();
    median(&residuals)
}

/// σ = 1.4826 · MAD; 0 without values.
pub fn mad_sd(values: &[f64]) -> f64 {
    mad(values).map_or(0.0, |mad| MAD_TO_SD * mad)
}

/// The standard error of a Hodges–Lehmann estimate of these values: 1.05 · 1.4826 · MAD / √n;
/// infinite without values.
pub fn hl_standard_error(values: &[f64]) -> f64 {
    mad(values).map_or(f64::INFINITY, |mad| 1.05 * MAD_TO_SD * mad / count(values.len()).sqrt())
}

/// The arithmetic mean; `None` without values.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / count(values.len()))
}

/// The unbiased sample variance; `None` below two values.
pub fn variance(values: &[f64]) -> Option<f64> {
    let center = mean(values)?;
    let squares: f64 = values.iter().map(|value| (value - center) * (value - center)).sum();
    (values.len() > 1).then(|| squares / count(values.len() - 1))
}

/// A count as a real number. Counts here stay far below 2³².
pub fn count(items: usize) -> f64 {
    f64::from(u32::try_from(items).unwrap_or(u32::MAX))
}

/// The whole part of a number as a count: 0 for what is negative or no number, capped at `u32::MAX`.
pub fn whole(value: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float cast saturates, and NaN gives 0, as documented"
    )]
    let capped = value as u32;
    capped as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_count_is_the_mean_of_the_middle_two() {
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn the_mad_is_taken_about_the_median() {
        assert_eq!(mad(&[1.0, 2.0, 3.0, 4.0, 100.0]), Some(1.0));
    }

    #[test]
    fn a_count_saturates_instead_of_wrapping() {
        assert_eq!([whole(2.9), whole(-1.0), whole(f64::NAN)], [2, 0, 0]);
        assert_eq!(whole(f64::INFINITY), u32::MAX as usize);
    }
}
