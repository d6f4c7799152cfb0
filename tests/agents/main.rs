//! Agents as real processes: the Codex CLI against a scripted model, alone and through whole runs, and plain
//! commands.
//!
//! The Codex CLI is looked for in `OPTILOOP_TEST_CODEX`, in `target/agents` (put there by `.ci/agents`) and in
//! `PATH`. Where it is missing these tests say so and do nothing, but fail when `CI` is set.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "tests; skips are loud")]

mod codex;
mod command;
mod model_server;
mod project;
mod turn;
mod whole_run;
