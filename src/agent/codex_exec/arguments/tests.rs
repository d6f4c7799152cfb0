//! The whole command line, as a snapshot.

use std::collections::BTreeMap;
use std::time::Duration;

use super::*;
use crate::model::id::Digest;
use crate::model::launch::LauncherPath;

fn argv(codex: &CodexExec) -> String {
    let program =
        Program { path: "/opt/codex".into(), version: "codex-cli 0".into(), digest: Digest::of(b"") };
    let request = TurnRequest {
        attempt: 1,
        brief: String::new(),
        workspace: "/w/agent".into(),
        spool: "/w/spool \"1\"".into(),
        tmp: "/w/tmp".into(),
        hidden: "/w".into(),
        env: BTreeMap::from([("PATH".into(), "/usr/bin".into()), ("KEY".into(), "secret".into())]),
        depth: 0,
        wall: Duration::from_mins(1),
        idle: Duration::from_mins(1),
        optiloop: LauncherPath("/usr/bin/optiloop".into()),
    };
    of(codex, &program, &request).join("\n")
}

fn codex(configuration: Configuration) -> CodexExec {
    CodexExec {
        program: "codex".into(),
        model: Some("a-model".into()),
        configuration,
        settings: vec!["model_provider=\"mine\"".into()],
        found: tokio::sync::OnceCell::new(),
    }
}

#[test]
fn the_command_line_is_this_one() {
    insta::assert_snapshot!(argv(&codex(Configuration::Ours)), @r##"
    /opt/codex
    exec
    --json
    --ephemeral
    --ignore-rules
    --skip-git-repo-check
    --ignore-user-config
    --strict-config
    --disable
    plugins
    --disable
    apps
    --disable
    unbounded_connection_retries
    --cd
    /w/agent
    --model
    a-model
    -c
    model_provider="mine"
    -c
    approval_policy="never"
    -c
    web_search="disabled"
    -c
    check_for_update_on_startup=false
    -c
    analytics.enabled=false
    -c
    feedback.enabled=false
    -c
    allow_login_shell=false
    -c
    shell_environment_policy.inherit="core"
    -c
    shell_environment_policy.set={TMPDIR="/w/tmp",OPTILOOP_DEPTH="1",PATH="/usr/bin"}
    -c
    mcp_servers.optiloop.command="/usr/bin/optiloop"
    -c
    mcp_servers.optiloop.args=["mcp","--spool",'/w/spool "1"']
    -c
    mcp_servers.optiloop.required=true
    -c
    mcp_servers.optiloop.startup_timeout_sec=30
    -c
    mcp_servers.optiloop.tool_timeout_sec=60
    -c
    mcp_servers.optiloop.default_tools_approval_mode="approve"
    -c
    default_permissions="optiloop"
    -c
    permissions.optiloop={extends=":workspace",filesystem={":slash_tmp"="read","/w"="deny","/w/tmp"="write"}}
    -
    "##);
}

#[test]
fn with_the_users_configuration_unknown_settings_are_not_errors() {
    let argv = argv(&codex(Configuration::UserAndOurs));
    assert!(!argv.contains("--ignore-user-config") && !argv.contains("--strict-config"), "{argv}");
    for wanted in
        ["mcp_servers.optiloop.required=true", "--sandbox\nworkspace-write", "writable_roots=[\"/w/tmp\"]"]
    {
        assert!(argv.contains(wanted), "{wanted}: {argv}");
    }
    assert!(!argv.contains("default_permissions"), "{argv}");
}
