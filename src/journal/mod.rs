//! The append-only, hash-chained history of every run, and its artifacts.
//!
//! One SQLite file per repository, holding the records of all its runs in the order they happened, each with
//! the hash of the one before. Bodies are JSON and belong to the engine: nothing here knows what a record
//! means, but for one top-level field, `stream`, by which records are found across runs (the attempts of a
//! target and its alpha stream). Big things are not in records but in [`Artifacts`], by their digest.
//!
//! Not here: what a record says (`engine`), when one is written (`app`), reports. Start at [`Journal`]; the
//! lock that makes one driver the only writer of runs is [`RunLock`].

mod artifacts;
mod chain;
mod error;
mod lock;
mod schema;
mod store;

pub use artifacts::{Artifacts, Fault};
pub use chain::Chain;
pub use error::JournalError;
pub use lock::{Holder, LockError, RunLock};
pub use store::{Entry, Journal, Receipt, RunOverview, Seq};
