//! Use cases for the fronts: everything between the engine and the world.
//!
//! Not here: arguments and printing (`cli`), MCP's wire (`mcp`), decisions (`engine`). Start at
//! [`judge::judge`] and [`pursue::run`]; [`conduct`] drives what they begin, [`drive::drive`] is the loop and
//! [`world::RealWorld`] what it moves.

pub mod bin;
pub mod calibrate;
pub mod code;
pub mod compare;
pub mod conduct;
pub mod config;
pub mod demo;
pub mod disk;
pub mod drive;
pub mod earlier;
pub mod environment;
pub mod error;
pub mod exit;
pub mod hands;
pub mod history;
pub mod inbox;
pub mod init;
mod interpreters;
pub mod judge;
pub mod laid_over;
pub mod machine;
pub mod pinned;
pub mod preflight;
pub mod project;
pub mod pursue;
pub mod report;
pub mod reporter;
pub mod reporting;
pub mod results;
pub mod roots;
mod services;
pub mod sides;
pub mod site;
pub mod spool;
pub mod start;
pub mod steps;
mod target;
pub mod templates;
pub mod toolchains;
pub mod verify;
pub mod world;
