//! Reports: pure functions of the journal's records. Start at [`summary::of`].

pub mod line;
pub mod summary;
