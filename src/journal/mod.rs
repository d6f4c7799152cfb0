//! The append-only, hash-chained history of every run, and its artifacts.
