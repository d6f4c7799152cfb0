//! Versions of the tools a run depends on, for its header.

use std::collections::BTreeMap;

use crate::app::config::Settings;
use crate::app::hands::Hands;
use crate::process;

/// Versions that go into a run's header: program, arguments.
const VERSIONS: &[(&str, &[&str])] = &[
    ("rustc", &["--version"]),
    ("cargo", &["--version"]),
    ("go", &["version"]),
    ("python3", &["--version"]),
    ("node", &["--version"]),
    ("cc", &["--version"]),
    ("perf", &["--version"]),
    ("git", &["--version"]),
    ("java", &["--version"]),
    ("mvn", &["-B", "--version"]),
];

/// Versions of the tools that are there.
pub async fn versions(settings: &Settings, hands: &Hands) -> BTreeMap<String, String> {
    let mut versions = BTreeMap::new();
    let wanted = settings.plan.language.as_deref();
    for (program, arguments) in VERSIONS {
        let fits = match wanted {
            Some("go") => matches!(*program, "go" | "git"),
            Some("rust") => !matches!(*program, "go" | "python3" | "node" | "java" | "mvn"),
            Some("python") => matches!(*program, "python3" | "cc" | "git" | "perf"),
            Some("node") => matches!(*program, "node" | "git" | "perf"),
            Some("java") => matches!(*program, "java" | "mvn" | "git"),
            _ => true,
        };
        if fits && let Some(version) = process::facts::tool_version(program, arguments).await {
            versions.insert((*program).to_owned(), version);
        }
    }
    versions.insert("sandbox".to_owned(), hands.sandbox.name().to_owned());
    versions
}
