//! Small projects in three languages: one loop on one thread, with a number of steps that can be cut by a fifth.
//!
//! Not here: judging them (`judgement`). Start at [`PROJECTS`].

use std::path::{Path, PathBuf};

use optiloop::fs::{create_folder, read_text, replace};

use crate::judgement::{Failed, commit, git};

/// What a loop does at first; the planted change takes exactly a fifth of it away.
const STEPS: &str = "100000";
const FEWER: &str = "80000";

/// A project that is written down here.
pub(crate) struct Project {
    /// Its language, as it is named on the command line.
    pub name: &'static str,
    /// Paths and contents.
    files: &'static [(&'static str, &'static str)],
    /// The file with the number of steps.
    source: &'static str,
}

/// One project a language.
pub(crate) const PROJECTS: &[Project] = &[
    Project {
        name: "c",
        files: &[
            (".gitignore", "/work\n/check\n"),
            ("work.c", C),
            ("check.sh", "cc -O2 -o check work.c && test \"$(./check 0)\" = 88172645463325252\n"),
            ("optiloop.toml", C_CONFIG),
        ],
        source: "work.c",
    },
    Project {
        name: "rust",
        files: &[
            (".gitignore", "/target\n"),
            ("Cargo.toml", "[package]\nname = \"work\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"),
            ("Cargo.lock", "version = 3\n\n[[package]]\nname = \"work\"\nversion = \"0.1.0\"\n"),
            ("src/lib.rs", RUST),
            ("src/main.rs", RUST_MAIN),
            ("optiloop.toml", RUST_CONFIG),
        ],
        source: "src/lib.rs",
    },
    Project {
        name: "go",
        files: &[
            ("go.mod", "module example.com/work\n\ngo 1.21\n"),
            ("work.go", GO),
            ("work_test.go", GO_TEST),
        ],
        source: "work.go",
    },
];

const C: &str = r#"#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { STEPS = 100000 };

static uint64_t work(uint64_t x) {
    for (int step = 0; step < STEPS; step++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    return x;
}

int main(int argc, char **argv) {
    uint64_t x = 88172645463325252u;
    for (long n = argc > 1 ? atol(argv[1]) : 0; n > 0; n--) x = work(x);
    printf("%llu\n", (unsigned long long)x);
    return 0;
}
"#;

const C_CONFIG: &str = r#"[bench]
harness = "command"
build = "cc -O2 -o work work.c"
artifacts = ["work"]

[[bench.case]]
name = "work"
run = "./work {n}"

[[suite]]
kind = "command"
command = "sh check.sh"
"#;

const RUST: &str = r"//! Steps of a generator, one depending on the other.

const STEPS: u32 = 100000;

/// The state after all steps.
pub fn work(mut x: u64) -> u64 {
    for _ in 0..STEPS {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    x
}

#[test]
fn zero_stays_zero() {
    assert_eq!(work(0), 0);
}
";

const RUST_MAIN: &str = r#"fn main() {
    let n: u64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0);
    println!("{}", (0..n).fold(88172645463325252, |x, _| work::work(x)));
}
"#;

const RUST_CONFIG: &str = r#"[bench]
harness = "command"
build = "cargo build --release --offline --bin work"
artifacts = ["target/release/work"]

[[bench.case]]
name = "work"
run = "target/release/work {n}"

[[suite]]
kind = "cargo"
command = "cargo test --offline"
"#;

const GO: &str = r"// Package work does steps of a generator, one depending on the other.
package work

const steps = 100000

// Work returns the state after all steps.
func Work(x uint64) uint64 {
	for step := 0; step < steps; step++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}
";

const GO_TEST: &str = r#"package work

import "testing"

var sink uint64

func TestZeroStaysZero(t *testing.T) {
	if Work(0) != 0 {
		t.Fatal("zero moved")
	}
}

func BenchmarkWork(b *testing.B) {
	sink = 88172645463325252
	for i := 0; i < b.N; i++ {
		sink = Work(sink)
	}
}
"#;

/// What is done to a project before it is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// A fifth less work.
    Planted,
    /// A comment.
    Nothing,
}

/// A repository of a project with a work tree that can be changed.
pub(crate) struct Made {
    /// Its folder.
    pub folder: PathBuf,
    source: PathBuf,
    original: String,
}

impl Project {
    /// Writes it below `parent` and commits it.
    pub(crate) fn make(&self, parent: &Path) -> Result<Made, Failed> {
        let folder = parent.join(self.name);
        for (path, text) in self.files {
            let path = folder.join(path);
            create_folder(path.parent().unwrap_or(&folder))?;
            replace(&path, text.as_bytes())?;
        }
        git(&folder, &["init", "-q", "-b", "main"])?;
        commit(&folder, "work")?;
        let source = folder.join(self.source);
        let original = read_text(&source)?;
        Ok(Made { folder, source, original })
    }
}

impl Made {
    /// Changes the work tree; from the original, whatever was changed before.
    pub(crate) fn change(&self, change: Change) -> Result<(), Failed> {
        let changed = match change {
            Change::Planted => self.original.replace(STEPS, FEWER),
            Change::Nothing => format!("{}\n// Nothing else.\n", self.original),
        };
        Ok(replace(&self.source, changed.as_bytes())?)
    }
}
