//! optiloop makes code faster and proves it. A coding agent proposes; optiloop measures, tests,
//! judges, and keeps only what is really faster.
//!
//! Bands, lowest first; `tests/architecture.rs` is the law about who may use whom:
//! `model` · pure (`stats profile patch bench gauge suite collect confine policy engine`) · world
//! (`fs clock process launcher vcs journal agent`) · `app` · fronts (`cli mcp`).
//! Start at [`engine`] for what a run is and at [`app`] for how one is driven.

pub mod model;

pub mod bench;
pub mod collect;
pub mod confine;
pub mod engine;
pub mod gauge;
pub mod patch;
pub mod policy;
pub mod profile;
pub mod stats;
pub mod suite;

pub mod agent;
pub mod clock;
pub mod fs;
pub mod journal;
pub mod launcher;
pub mod process;
pub mod vcs;

pub mod app;

pub mod cli;
pub mod mcp;

/// Runs the program: the launcher's hidden verb before anything else is set up, then the server's, else the
/// command line.
pub fn run(arguments: Vec<std::ffi::OsString>) -> std::process::ExitCode {
    if arguments.get(1).is_some_and(|verb| verb == model::launch::LAUNCH_VERB) {
        return launcher::main().into();
    }
    if arguments.get(1).is_some_and(|verb| verb == "mcp") {
        return mcp::main(&arguments[2..]);
    }
    cli::main(arguments)
}
