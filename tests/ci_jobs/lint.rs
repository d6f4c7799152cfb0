//! The linters of the forges' files. Where they are missing the tests say so, and fail in CI.

use std::path::{Path, PathBuf};
use std::process::Command;

#[expect(clippy::print_stderr, reason = "what is skipped is said")]
fn skipped(name: &str) {
    assert!(std::env::var_os("CI").is_none(), "CI needs {name}: .ci/tools installs it");
    eprintln!("skipped: {name} is not installed (.ci/tools)");
}

/// A tool that `.ci/tools` installs, or one of the machine; nothing where it is missing, which is said.
fn tool(name: &str, installed: &str) -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools").join(installed);
    let path = std::env::var("PATH").unwrap_or_default();
    let found = std::iter::once(own).chain(path.split(':').map(|folder| Path::new(folder).join(name)));
    let found = found.into_iter().find(|program| program.is_file());
    if found.is_none() {
        skipped(name);
    }
    found
}

fn templates(names: &[&str]) -> Vec<PathBuf> {
    names.iter().map(|name| Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/ci").join(name)).collect()
}

fn passes(command: &mut Command) {
    let output = command.output().expect("it starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}

#[test]
fn actionlint_takes_the_workflows() {
    let Some(actionlint) = tool("actionlint", "go/actionlint") else { return };
    passes(Command::new(actionlint).args(templates(&["github-gate.yml", "github-nightly.yml"])));
}

#[test]
fn the_files_fit_the_schemas_of_their_forges() {
    let Some(check) = tool("check-jsonschema", "python/bin/check-jsonschema") else { return };
    let builtin = ["--builtin-schema", "vendor.gitlab-ci"];
    passes(Command::new(&check).args(builtin).args(templates(&["gitlab.yml"])));
    let builtin = ["--builtin-schema", "vendor.github-workflows"];
    passes(Command::new(&check).args(builtin).args(templates(&["github-gate.yml", "github-nightly.yml"])));
}

#[test]
fn the_jobs_install_the_version_that_wrote_them() {
    for template in templates(&["github-gate.yml", "github-nightly.yml", "gitlab.yml"]) {
        let text = optiloop::fs::read_text(&template).expect("a template");
        let version = concat!("OPTILOOP_VERSION: \"", env!("CARGO_PKG_VERSION"), "\"");
        assert!(text.contains(version), "{}", template.display());
    }
}
