//! Diffs and trees of text: what a proposal changed, without a disk.
