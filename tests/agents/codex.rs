//! The real Codex CLI, one turn each, against the scripted model. Nothing leaves the loopback.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use optiloop::fs;
use optiloop::model::id::Digest;
use optiloop::model::plan::AgentPlan;
use optiloop::model::proposal::{AgentEvent, AgentFailure, Edit, Proposed, ReportSource, Tokens, TurnEnd};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::model_server::{Act, ModelServer, USAGE};
use crate::turn::{Turn, plan, processes_naming};

/// The program to drive, or `None` after having said which test is skipped.
pub(crate) fn codex(test: &str) -> Option<PathBuf> {
    let named = variable("OPTILOOP_TEST_CODEX").map(PathBuf::from);
    let installed = PathBuf::from("target/agents/node_modules/.bin/codex");
    let found = named.into_iter().chain([installed]).find(|path| path.is_file());
    let found = found.or_else(|| on_path("codex"));
    if found.is_none() {
        skip(test, "no codex: run `.ci/agents` to install it");
    }
    found.map(|path| path.canonicalize().unwrap())
}

/// Whether Go is here; said and skipped where not.
pub(crate) fn go(test: &str) -> bool {
    let found = on_path("go").is_some();
    if !found {
        skip(test, "no go on PATH: install Go from its own site or your system's packages");
    }
    found
}

fn on_path(program: &str) -> Option<PathBuf> {
    let paths = variable("PATH").unwrap_or_default();
    std::env::split_paths(&paths).map(|folder| folder.join(program)).find(|path| path.is_file())
}

fn skip(test: &str, why: &str) {
    assert!(variable("CI").is_none(), "{test}: {why}");
    eprintln!("SKIPPED {test}: {why}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test finds a tool that may be missing, and CI must not skip"
)]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// A plan for the scripted model, as a user writes one for a provider of their own.
fn scripted(codex: &Path, model: &str, server: &ModelServer) -> AgentPlan {
    AgentPlan {
        model: Some(model.into()),
        settings: settings(server),
        ..plan("codex_exec", &[&codex.to_string_lossy()])
    }
}

/// The settings that lead Codex to the scripted model.
pub(crate) fn settings(server: &ModelServer) -> Vec<String> {
    let provider = format!(
        "model_providers.scripted={{name=\"scripted\",base_url=\"{}\",env_key=\"MODEL_KEY\",wire_api=\"responses\",\
         request_max_retries=1,stream_max_retries=1}}",
        server.base_url
    );
    vec!["model_provider=\"scripted\"".into(), provider]
}

fn report(hypothesis: &str) -> Act {
    let arguments = json!({"hypothesis": hypothesis, "hotspot": "h1", "predicted": 0.2});
    Act::Mcp { tool: "report_result", arguments }
}

fn shell(command: &str) -> Act {
    Act::Call { name: "exec_command", arguments: json!({"cmd": command}) }
}

pub(crate) fn done() -> Vec<Act> {
    vec![Act::Say("Done.".into())]
}

fn used(answers: u64) -> Tokens {
    let (input, cached, output, reasoning) = USAGE;
    let times = |tokens: u64| Some(tokens * answers);
    Tokens {
        input: times(input),
        cached: times(cached),
        output: times(output),
        reasoning: times(reasoning),
        at_least: false,
    }
}

fn failure(proposed: &Proposed) -> &AgentFailure {
    match &proposed.turn.end {
        TurnEnd::Failed(failure) => failure,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn codex_reads_the_brief_edits_by_patch_and_reports_by_tool() {
    let Some(codex) = codex("codex_reads_the_brief_edits_by_patch_and_reports_by_tool") else { return };
    let patch = "*** Begin Patch\n*** Update File: a.txt\n@@\n-hello\n+hello world\n*** End Patch\n";
    let server = ModelServer::start(vec![
        vec![Act::Say("Looking.".into()), Act::Mcp { tool: "brief", arguments: json!({}) }],
        vec![Act::Custom { name: "apply_patch", input: patch.into() }],
        vec![report("one pass")],
        done(),
    ])
    .await;
    let turn = Turn::new();
    let mut shown = Vec::new();
    let plan = scripted(&codex, "gpt-5.5", &server);
    let proposed = turn.ask_watched(&plan, &mut |event| shown.push(event), &CancellationToken::new()).await;

    assert_eq!(proposed.turn.end, TurnEnd::Completed, "{}", String::from_utf8_lossy(&proposed.raw));
    assert_eq!(proposed.edit, Some(Edit::InWorkspace));
    assert_eq!(turn.edited(), "hello world\n");
    assert_eq!(proposed.turn.report_source, ReportSource::Tool);
    let told = proposed.turn.report.unwrap();
    assert_eq!(
        (&*told.hypothesis, told.hotspot.as_deref(), told.predicted),
        ("one pass", Some("h1"), Some(0.2))
    );
    assert_eq!(proposed.turn.tokens, used(4));

    let requests = server.requests();
    assert_eq!(requests.len(), 4);
    assert_eq!(requests[0]["model"], "gpt-5.5");
    assert!(requests[0]["input"].to_string().contains("Make parse cheaper."), "the prompt lacks the brief");
    assert!(server.output_of(0, 1).contains("Make parse cheaper."), "{}", server.output_of(0, 1));
    assert!(server.output_of(2, 0).contains("recorded"), "{}", server.output_of(2, 0));

    let paths = vec![turn.request.workspace.join("a.txt").to_string_lossy().into_owned()];
    assert!(shown.contains(&AgentEvent::Edited { paths }), "{shown:?}");
    assert!(shown.contains(&AgentEvent::Called { tool: "optiloop.brief".into(), error: None }), "{shown:?}");
    assert_eq!(processes_naming(&turn.path().to_string_lossy()), Vec::<String>::new());
}

#[tokio::test]
async fn the_program_that_ran_is_the_native_one_with_version_and_digest() {
    let Some(codex) = codex("the_program_that_ran_is_the_native_one_with_version_and_digest") else { return };
    let server = ModelServer::start(vec![done()]).await;
    let proposed = Turn::new().ask(&scripted(&codex, "gpt-5.5", &server)).await;
    let (version, digest) = proposed.turn.agent.split_once(" sha256:").unwrap();
    assert!(version.starts_with("codex-cli 0."), "{version}");
    assert_ne!(digest.parse::<Digest>().unwrap(), Digest::of(&fs::read(&codex).unwrap()), "npm's script");
    assert_eq!((proposed.turn.report, proposed.turn.report_source), (None, ReportSource::None));
}

#[tokio::test]
async fn codex_and_its_shell_are_held_to_the_workspace() {
    let Some(codex) = codex("codex_and_its_shell_are_held_to_the_workspace") else { return };
    let turn = Turn::new();
    let outside = turn.path().display();
    let probe = format!(
        "echo slow > a.txt; touch {outside}/outside || echo kept-in; touch /tmp/optiloop-outside || echo kept-out; \
         touch $TMPDIR/inside && echo tmp-works; cat {outside}/store/spool/brief.json || echo unseen; env"
    );
    let server = ModelServer::start(vec![vec![shell(&probe)], vec![report("by shell")], done()]).await;
    // A model Codex does not know has no apply_patch tool, and edits by its shell.
    let proposed = turn.ask(&scripted(&codex, "a-model-of-mine", &server)).await;
    assert_eq!(proposed.turn.end, TurnEnd::Completed, "{}", String::from_utf8_lossy(&proposed.raw));
    assert_eq!((turn.edited(), proposed.turn.report_source), ("slow\n".into(), ReportSource::Tool));
    let output = server.output_of(0, 0);
    for wanted in ["kept-in", "kept-out", "tmp-works", "unseen", "OPTILOOP_DEPTH=1"] {
        assert!(output.contains(wanted), "{wanted}: {output}");
    }
    assert!(!output.contains("Make parse cheaper"), "the shell reads the spool: {output}");
    assert!(!output.contains("the key"), "the shell sees the key: {output}");
}

#[tokio::test]
async fn what_goes_wrong_at_the_model_is_a_typed_failure() {
    let Some(codex) = codex("what_goes_wrong_at_the_model_is_a_typed_failure") else { return };
    let refuse = |status, kind: &str, code: &str| {
        let body = json!({"error": {"type": kind, "code": code, "message": "said the server"}});
        vec![vec![Act::Refuse { status, body }]]
    };
    let fail = |code, message| vec![vec![Act::Fail { code, message }]];
    let cases = [
        ("auth", refuse(401, "invalid_request_error", "invalid_api_key")),
        ("quota", refuse(429, "usage_limit_reached", "usage_limit_reached")),
        ("quota", fail("insufficient_quota", "You exceeded your current quota")),
        ("transient", refuse(500, "server_error", "server_error")),
        ("transient", refuse(503, "server_error", "server_error")),
        ("transient", refuse(429, "rate_limit", "rate_limit_exceeded")),
        ("auth", refuse(403, "invalid_request_error", "forbidden")),
        ("transient", fail("rate_limit_exceeded", "Rate limit reached, try again in 0.1s")),
        ("transient", vec![vec![Act::Cut]]),
        ("transient", fail("server_is_overloaded", "try again later")),
        ("broken", fail("context_length_exceeded", "too long")),
        ("broken", refuse(400, "invalid_request_error", "bad")),
    ];
    for (wanted, turns) in cases {
        let server = ModelServer::start(turns).await;
        let proposed = Turn::new().ask(&scripted(&codex, "gpt-5.5", &server)).await;
        let value = serde_json::to_value(failure(&proposed)).unwrap();
        assert_eq!(value["kind"], wanted, "{value}");
        assert_eq!((proposed.edit, proposed.turn.tokens.at_least), (None, true));
    }
}

#[tokio::test]
async fn a_service_that_is_not_there_and_a_key_that_is_not_set_are_told_soon() {
    let Some(codex) = codex("a_service_that_is_not_there_and_a_key_that_is_not_set_are_told_soon") else {
        return;
    };
    let mut turn = Turn::new();
    let mut server = ModelServer::start(vec![done()]).await;
    server.base_url = "http://127.0.0.1:9/v1".into();
    let plan = scripted(&codex, "gpt-5.5", &server);
    let proposed = turn.ask(&plan).await;
    assert!(failure(&proposed).is_transient(), "{:?}", failure(&proposed));
    turn.request.env.remove("MODEL_KEY");
    let proposed = turn.ask(&plan).await;
    assert!(matches!(failure(&proposed), AgentFailure::Auth { .. }), "{:?}", failure(&proposed));
}

#[tokio::test]
async fn a_setting_codex_does_not_know_and_a_spool_that_is_gone_are_failures() {
    let Some(codex) = codex("a_setting_codex_does_not_know_and_a_spool_that_is_gone_are_failures") else {
        return;
    };
    let server = ModelServer::start(vec![done()]).await;
    let mut plan = scripted(&codex, "gpt-5.5", &server);
    let mut turn = Turn::new();
    turn.request.spool = turn.path().join("gone");
    let proposed = turn.ask(&plan).await;
    assert!(matches!(failure(&proposed), AgentFailure::Broken { .. }), "{:?}", failure(&proposed));
    plan.settings.push("modle_provider=\"x\"".into());
    let proposed = turn.ask(&plan).await;
    let AgentFailure::Broken { message } = failure(&proposed) else { panic!("{:?}", failure(&proposed)) };
    assert!(message.contains("modle_provider"), "{message}");
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn a_turn_cut_in_the_middle_leaves_no_process() {
    let Some(codex) = codex("a_turn_cut_in_the_middle_leaves_no_process") else { return };
    let turn = Turn::new();
    let sleep = format!("sleep 1333.{}", std::process::id());
    let command = format!("setsid {sleep} & {sleep}; : {}", turn.path().display());
    let server = ModelServer::start(vec![vec![shell(&command)], done()]).await;
    let cancel = CancellationToken::new();
    let mut stop_when_it_runs = |event| {
        if matches!(event, AgentEvent::Runs { .. }) {
            cancel.cancel();
        }
    };
    let plan = scripted(&codex, "gpt-5.5", &server);
    let proposed = turn.ask_watched(&plan, &mut stop_when_it_runs, &cancel).await;
    assert_eq!(failure(&proposed), &AgentFailure::Cancelled);
    assert_eq!(proposed.turn.tokens, Tokens { at_least: true, ..Tokens::default() });
    for mark in [sleep, turn.path().display().to_string()] {
        assert_eq!(processes_naming(&mark), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_model_that_never_answers_runs_into_the_idle_limit() {
    let Some(codex) = codex("a_model_that_never_answers_runs_into_the_idle_limit") else { return };
    let server = ModelServer::start(vec![vec![Act::Hang]]).await;
    let mut turn = Turn::new();
    turn.request.idle = Duration::from_secs(3);
    let proposed = turn.ask(&scripted(&codex, "gpt-5.5", &server)).await;
    assert!(matches!(failure(&proposed), AgentFailure::TimedOut { .. }), "{:?}", failure(&proposed));
    assert_eq!(processes_naming(&turn.path().to_string_lossy()), Vec::<String>::new());
}
