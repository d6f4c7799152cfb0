//! What `init` writes where no language is recognised: placeholders for the person.

use super::found::{Case, Found, Suite};
use super::tree::Tree;

/// A command as benchmark and one as suite.
pub(super) fn find(tree: &Tree<'_>, folder: &str) -> Found {
    let make = ["Makefile", "makefile", "GNUmakefile"].iter().any(|name| tree.has(folder, name));
    let mut notes = Vec::new();
    if !make {
        notes.push("Its suite `make test` is a guess: name the command that runs the tests.".to_owned());
    }
    Found {
        about: "A benchmark is a command that does its work `{n}` times and exits; `build` and `artifacts` say what makes it and what a launch needs.".to_owned(),
        harness: "command".to_owned(),
        cases: vec![Case { name: "parse_document".to_owned(), run: "./benchmark {n}".to_owned() }],
        suites: vec![Suite::running("command", "make test")],
        notes,
        ..Found::default()
    }
}
