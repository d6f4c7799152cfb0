//! Reports: pure functions of the journal's records, so that any of them can be made again at any time.
//!
//! [`outcome::Outcome`] is what all are made of. Not here: printing (`cli`), what is shown while a run goes on
//! (`reporter`). Start at [`summary::of`].

pub mod calibrate;
pub mod compose;
pub mod course;
pub mod document;
pub mod family;
pub mod log;
pub mod outcome;
pub mod plot;
pub mod price;
pub mod quarantine;
pub mod render;
pub mod safe;
pub mod show;
pub mod status;
pub mod summary;
pub mod trace;
