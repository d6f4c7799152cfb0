//! Build outputs between workspaces.

use std::os::unix::fs::MetadataExt as _;

use optiloop::vcs::outputs;

use crate::fixture::{Place, age, read, write};

#[test]
fn outputs_are_real_copies_with_their_times_and_replace_what_was_poisoned() {
    let place = Place::new();
    let (store, tree) = (place.store(), place.head_tree());
    let (base, candidate) = (place.workspace(&store, "base"), place.workspace(&store, "candidate"));
    for workspace in [&base, &candidate] {
        workspace.switch(tree).unwrap();
    }
    let (from, to) = (base.folder().join("target/x"), candidate.folder().join("target/x"));
    write(&from, b"built");
    age(&from);
    write(&to, b"poisoned");
    write(&candidate.folder().join("target/extra"), b"poisoned");
    outputs::copy(&base, &candidate, &["target", "build"]).unwrap();
    let (from_meta, to_meta) = (from.metadata().unwrap(), to.metadata().unwrap());
    assert_eq!((read(&to).as_str(), to_meta.mtime(), to_meta.nlink()), ("built", from_meta.mtime(), 1));
    assert!(!candidate.folder().join("target/extra").exists());
}
