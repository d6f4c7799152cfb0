//! The state machine of a run, and the judge.
