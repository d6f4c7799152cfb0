//! Harnesses, suites and collectors against the real tools: small programs are built, listed, launched, tested and
//! profiled through the pure acts alone, performed here without sandbox or launcher. A file per tool.
//!
//! A tool that is missing skips its test by name on standard error; where `CI` is set it fails it.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "fixtures of tests, and loud skips")]

mod go;
mod java;
mod native;
mod node;
mod python;
mod rust;
mod service;
mod world;
