//! The command line of `codex exec`.
//!
//! Each setting is there for something that was seen; reference: the tests in `tests/agents` run it for real.

use std::path::Path;

use super::program::Program;
use super::{CodexExec, Configuration};
use crate::model::proposal::TurnRequest;

/// Program and arguments of one turn; the brief comes on standard input.
pub(super) fn of(codex: &CodexExec, program: &Program, request: &TurnRequest) -> Vec<String> {
    let mut argv = vec![program.path.to_string_lossy().into_owned()];
    let mut push = |words: &[&str]| argv.extend(words.iter().map(|&word| word.to_owned()));
    push(&["exec", "--json", "--ephemeral", "--ignore-rules", "--skip-git-repo-check"]);
    if codex.configuration == Configuration::Ours {
        // Strict: a setting that is misspelt is an error, not a setting that is quietly not there.
        push(&["--ignore-user-config", "--strict-config"]);
    }
    // Both fetch from the network at start; the third makes a refused connection wait for ever.
    for feature in ["plugins", "apps", "unbounded_connection_retries"] {
        push(&["--disable", feature]);
    }
    if codex.configuration == Configuration::UserAndOurs {
        // A profile of permissions has no effect beside a `sandbox_mode` that the user's file may name.
        push(&["--sandbox", "workspace-write"]);
    }
    push(&["--cd", &request.workspace.to_string_lossy()]);
    if let Some(model) = &codex.model {
        push(&["--model", model]);
    }
    // The user's settings first: where both say something, the last word is ours.
    let sandbox = match codex.configuration {
        Configuration::Ours => profile(request),
        Configuration::UserAndOurs => workspace_write(request),
    };
    for setting in codex.settings.iter().cloned().chain(ours(request)).chain(sandbox) {
        push(&["-c", &setting]);
    }
    push(&["-"]);
    argv
}

fn ours(request: &TurnRequest) -> Vec<String> {
    let tmp = text(&request.tmp);
    let depth = quoted(&(request.depth + 1).to_string());
    let path = request.env.get("PATH").map(|path| format!(",PATH={}", quoted(path))).unwrap_or_default();
    vec![
        r#"approval_policy="never""#.into(),
        r#"web_search="disabled""#.into(),
        "check_for_update_on_startup=false".into(),
        "analytics.enabled=false".into(),
        "feedback.enabled=false".into(),
        // A login shell would read the user's profile and set PATH anew.
        "allow_login_shell=false".into(),
        // By default its shell inherits every variable, keys included.
        r#"shell_environment_policy.inherit="core""#.into(),
        format!("shell_environment_policy.set={{TMPDIR={tmp},OPTILOOP_DEPTH={depth}{path}}}"),
        format!("mcp_servers.optiloop.command={}", text(&request.optiloop.0)),
        format!(r#"mcp_servers.optiloop.args=["mcp","--spool",{}]"#, text(&request.spool)),
        // Without it a server that does not start is silently absent.
        "mcp_servers.optiloop.required=true".into(),
        "mcp_servers.optiloop.startup_timeout_sec=30".into(),
        "mcp_servers.optiloop.tool_timeout_sec=60".into(),
        // Else tools that are not read-only need an approval nobody can give.
        r#"mcp_servers.optiloop.default_tools_approval_mode="approve""#.into(),
    ]
}

/// What Codex's shell may do: write in the workspace and its own temporary folder, see nothing else of ours, and
/// reach no network. Codex hides a folder from all but the folders in it that have a rule of their own.
fn profile(request: &TurnRequest) -> Vec<String> {
    let (tmp, hidden) = (text(&request.tmp), text(&request.hidden));
    // One inline table: a path as a dotted key would be split at its dots.
    let files = format!(r#"{{":slash_tmp"="read",{hidden}="deny",{tmp}="write"}}"#);
    vec![
        r#"default_permissions="optiloop""#.into(),
        format!(r#"permissions.optiloop={{extends=":workspace",filesystem={files}}}"#),
    ]
}

/// The same by older settings, which can hide nothing.
fn workspace_write(request: &TurnRequest) -> Vec<String> {
    vec![
        // Other workspaces lie beneath the temporary folder, which Codex would make writable.
        "sandbox_workspace_write.exclude_slash_tmp=true".into(),
        "sandbox_workspace_write.exclude_tmpdir_env_var=true".into(),
        format!("sandbox_workspace_write.writable_roots=[{}]", text(&request.tmp)),
    ]
}

fn text(path: &Path) -> String {
    quoted(&path.to_string_lossy())
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests;
