//! Toolchains that a project pins and that may not be here: builds have no network to fetch one.
//!
//! Start at [`lines`].

use std::path::Path;

use crate::app::error::AppError;
use crate::fs;
use crate::process::facts;

/// What the files in the project's folder, and those above it up to the repository's, ask for and is not here.
pub async fn lines(top: &Path, root: &Path) -> Result<Vec<String>, AppError> {
    let mut lines = Vec::new();
    let folders = || {
        top.join(root)
            .ancestors()
            .map(Path::to_owned)
            .take_while(|at| at.starts_with(top))
            .collect::<Vec<_>>()
    };
    let nearest = |name: &str| -> Result<Option<String>, AppError> {
        for folder in folders() {
            if let Some(text) = fs::read_text_if_present(&folder.join(name))? {
                return Ok(Some(text));
            }
        }
        Ok(None)
    };
    let channel = match nearest("rust-toolchain.toml")? {
        Some(text) => Some(text),
        None => nearest("rust-toolchain")?,
    };
    if let Some(channel) = channel.as_deref().and_then(rust_channel) {
        let listed = facts::tool_output("rustup", &["toolchain", "list"]).await;
        lines.extend(rust(&channel, listed.as_deref()));
    }
    if let Some(wanted) = nearest("go.mod")?.as_deref().and_then(go_wanted) {
        let version = facts::tool_version("go", &["version"]).await;
        lines.extend(version.and_then(|version| go(&wanted, &version)));
    }
    Ok(lines)
}

/// The channel that `rust-toolchain` (one line, or TOML) or `rust-toolchain.toml` names.
fn rust_channel(text: &str) -> Option<String> {
    if let Ok(table) = text.parse::<toml::Table>() {
        return Some(table.get("toolchain")?.get("channel")?.as_str()?.to_owned());
    }
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    Some(line.to_owned())
}

/// Whether a list of rustup's has no toolchain of this channel.
fn rust(channel: &str, listed: Option<&str>) -> Option<String> {
    let Some(listed) = listed else {
        return Some(format!(
            "note: the project pins Rust {channel}, and without rustup nobody chooses it; https://rustup.rs"
        ));
    };
    // `1.80` is kept as `1.80-x86_64-unknown-linux-gnu (active)`.
    let is_it = |line: &str| {
        let name = line.split_whitespace().next().unwrap_or_default();
        name == channel || name.strip_prefix(channel).is_some_and(|rest| rest.starts_with('-'))
    };
    (!listed.lines().any(is_it))
        .then(|| format!("Rust {channel}: missing, the project pins it; rustup toolchain install {channel}"))
}

/// The version that `go.mod` asks for: its `toolchain`, else its `go` line.
fn go_wanted(text: &str) -> Option<String> {
    let after = |word: &str| {
        let line = text.lines().find(|line| line.split_whitespace().next() == Some(word))?;
        line.split_whitespace().nth(1).map(str::to_owned)
    };
    let toolchain = after("toolchain").filter(|name| name != "default");
    toolchain.map(|name| name.trim_start_matches("go").to_owned()).or_else(|| after("go"))
}

/// Whether `go version go1.26.8 linux/amd64` is older than what is wanted.
fn go(wanted: &str, version: &str) -> Option<String> {
    let here = version
        .split_whitespace()
        .find_map(|word| word.strip_prefix("go").filter(|n| n.starts_with(|c: char| c.is_ascii_digit())))?;
    (parts(here) < parts(wanted)).then(|| {
        format!("Go {wanted}: missing, go.mod asks for it and {here} is here; go install golang.org/dl/go{wanted}@latest")
    })
}

fn parts(version: &str) -> Vec<u32> {
    version
        .split('.')
        .map(|part| part.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pinned_channel_is_read_from_both_kinds_of_file() {
        assert_eq!(rust_channel("1.80.1\n").as_deref(), Some("1.80.1"));
        assert_eq!(
            rust_channel("[toolchain]\nchannel = \"nightly-2026-01-01\"\n").as_deref(),
            Some("nightly-2026-01-01")
        );
        assert_eq!(rust_channel("[toolchain]\npath = \"/somewhere\"\n"), None);
    }

    #[test]
    fn a_channel_that_rustup_has_needs_no_line() {
        let listed = "stable-x86_64-unknown-linux-gnu (active, default)\n1.80-x86_64-unknown-linux-gnu\n";
        assert_eq!(rust("stable", Some(listed)), None);
        assert_eq!(rust("1.80", Some(listed)), None);
        let missing = rust("1.8", Some(listed)).unwrap();
        assert!(missing.contains("rustup toolchain install 1.8"), "{missing}");
        assert!(rust("stable", None).unwrap().contains("without rustup"));
    }

    #[test]
    fn a_go_that_is_older_than_the_module_asks_for_is_named() {
        let module = "module x\n\ngo 1.22\n\ntoolchain go1.24.3\n";
        assert_eq!(go_wanted(module).as_deref(), Some("1.24.3"));
        assert_eq!(go_wanted("module x\ngo 1.22 // text\ntoolchain default\n").as_deref(), Some("1.22"));
        assert_eq!(go("1.24.3", "go version go1.26.8 linux/amd64"), None);
        assert!(go("1.24.3", "go version go1.9.1 linux/amd64").unwrap().starts_with("Go 1.24.3: missing"));
    }
}
