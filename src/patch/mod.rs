//! Diffs as values: what a proposal changed in the text of files, without a disk and without git.
//!
//! [`text::FilePatch`] is one changed file; [`parse::parse`] and [`render::render`] turn unified diffs into
//! it and back; [`apply::apply`] puts hunks on a text, [`compare::hunks`] makes hunks from two texts; [`regions::test_regions`] tells test code from
//! the rest, [`section`] names the function a line belongs to.
//! Not here: patches on trees (`vcs`), and what is allowed to change (`policy`).
//! Start at [`text::FilePatch`].

pub mod apply;
pub mod compare;
pub mod parse;
pub mod quote;
pub mod regions;
pub mod render;
pub mod section;
pub mod text;

#[cfg(test)]
mod tests;
