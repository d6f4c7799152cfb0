//! The statistics of a verdict: is the candidate cheaper by at least the least effect, and by how much?
//!
//! Everything here is pure arithmetic on `f64` and small types of its own: no clock, no file, no
//! knowledge of runs, trees or policy. The caller measures pairs, asks after each one, and judges
//! with the answer. `ln`, `exp` and `tanh` come from `libm`, so a journalled E-value can be
//! recomputed on any machine.
//!
//! Start at [`sequential::SequentialTest`], the test a candidate must pass; then
//! [`confirmation::confirm`], [`goal::GoalProof`], [`guard::GuardFamily`] and [`guard::WallGuard`].
//! [`coin`] draws who runs first, [`instrument`] and [`calibration`] prepare a comparison,
//! [`estimate`] is what may be reported. [`peers`], [`noise`] and [`attacks`] exist to check all this.
//!
//! Words: *cost* is what is measured; a *log effect* θ = −ln(candidate / base) is positive when the
//! candidate is cheaper; y is one pair's log effect, y' the same after the order adjustment.

pub mod location;

pub mod coin;
pub mod pair;

pub mod adjustment;
pub mod eprocess;
pub mod failures;
pub mod sequential;
pub mod target;

pub mod confirmation;
pub mod estimate;
pub mod family;
pub mod goal;
pub mod guard;
pub mod lond;
pub mod signed_rank;

pub mod calibration;
pub mod counters;
pub mod instrument;
pub mod provable;

pub mod attacks;
pub mod noise;
pub mod peers;
