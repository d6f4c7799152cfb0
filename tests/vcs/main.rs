//! `vcs` on real repositories: made by the git command, read, judged and landed on by optiloop.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod agent;
mod elsewhere;
mod fixture;
mod home;
mod kinds;
mod land;
mod outputs;
mod patches;
mod refused;
mod store;
mod trees;
mod untouched;
mod work_tree;
mod workspace;
