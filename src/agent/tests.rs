//! Transports and the spool, as far as no process is needed; those that start one: `tests/agents`.

use std::time::Duration;

use super::spool::Spool;
use super::*;
use crate::model::id::Iteration;
use crate::model::launch::LauncherPath;
use crate::model::proposal::{AgentFailure, AgentReport, Edit, ReportSource, TurnEnd};
use crate::model::spool::{SpoolAttempts, SpoolBrief, SpoolMessage};

fn plan(transport: &str) -> AgentPlan {
    AgentPlan {
        transport: transport.into(),
        command: Vec::new(),
        proposals: None,
        model: None,
        env: Vec::new(),
        wall: Duration::from_mins(1),
        idle: Duration::from_mins(1),
        settings: Vec::new(),
    }
}

fn request(folder: &std::path::Path, attempt: u32) -> TurnRequest {
    TurnRequest {
        attempt,
        brief: "Make parse cheaper.".into(),
        workspace: folder.join("workspace"),
        spool: folder.join("spool"),
        tmp: folder.join("tmp"),
        hidden: folder.to_owned(),
        env: std::collections::BTreeMap::new(),
        depth: 0,
        wall: Duration::from_mins(1),
        idle: Duration::from_mins(1),
        optiloop: LauncherPath("/nowhere/optiloop".into()),
    }
}

/// Writes files into a folder of recorded proposals and opens it.
fn replay(folder: &std::path::Path, files: &[(&str, &str)]) -> Result<Agent, AgentError> {
    for (name, text) in files {
        crate::fs::replace(&folder.join(name), text.as_bytes()).unwrap();
    }
    Agent::open(&AgentPlan { proposals: Some(folder.to_owned()), ..plan("replay") })
}

async fn propose(agent: &Agent, request: &TurnRequest) -> Proposed {
    agent.propose(request, &mut |_| {}, &CancellationToken::new()).await
}

#[test]
fn each_transport_is_a_file_and_each_file_but_the_shared_ones_a_transport() {
    let mut files: Vec<String> = crate::fs::entries(std::path::Path::new("src/agent"))
        .unwrap()
        .into_iter()
        .filter(|path| path.is_file())
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|name| !["mod", "tests", "error", "spool", "conversation"].contains(&&**name))
        .collect();
    files.sort();
    let mut transports: Vec<_> = TRANSPORTS.iter().map(|transport| transport.name.to_owned()).collect();
    transports.sort();
    assert_eq!(transports, files);
}

#[test]
fn an_unknown_transport_is_told_with_those_there_are() {
    let error = Agent::open(&plan("telepathy")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no agent transport named \"telepathy\"; nearest: replay; known: codex_exec, command, replay"
    );
}

#[test]
fn a_plan_that_lacks_something_is_refused_before_anything_starts() {
    for (plan, says) in [
        (plan("replay"), "agent transport replay needs `proposals`, a folder of recorded proposals"),
        (plan("command"), "agent transport command needs `command`, the command to run"),
        (
            AgentPlan { settings: vec!["fast".into()], ..plan("codex_exec") },
            "agent transport codex_exec: setting \"fast\" is not `key=value` for codex -c, nor the word `user_config`",
        ),
    ] {
        assert_eq!(Agent::open(&plan).unwrap_err().to_string(), says);
    }
}

#[tokio::test]
async fn recorded_proposals_come_in_the_order_of_their_numbers_and_then_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("10-last.patch", "third"),
        ("2-middle.patch", "second"),
        ("2-middle.toml", "hypothesis = \"one pass\"\npredicted = 0.2"),
        ("01-first.patch", "first"),
        ("README.md", "not a proposal"),
    ];
    let agent = replay(folder.path(), &files).unwrap();
    let mut patches = Vec::new();
    for attempt in 1..=3 {
        let proposed = propose(&agent, &request(folder.path(), attempt)).await;
        assert_eq!(proposed.turn.end, TurnEnd::Completed);
        let Some(Edit::Patch(patch)) = proposed.edit else { panic!("no patch") };
        assert_eq!(patch, proposed.raw);
        let hypothesis = proposed.turn.report.map(|report| report.hypothesis);
        patches.push((String::from_utf8(patch).unwrap(), hypothesis, proposed.turn.report_source));
    }
    assert_eq!(
        patches,
        [
            ("first".into(), None, ReportSource::None),
            ("second".into(), Some("one pass".into()), ReportSource::File),
            ("third".into(), None, ReportSource::None),
        ]
    );
    let proposed = propose(&agent, &request(folder.path(), 4)).await;
    assert_eq!((proposed.turn.end, proposed.edit), (TurnEnd::NothingMore, None));
}

#[test]
fn recordings_that_cannot_be_meant_are_named() {
    let cases: [(&[(&str, &str)], &str); 4] = [
        (&[("fast.patch", "")], "fast.patch: the name does not begin with a number and `-`"),
        (&[("1-a.patch", ""), ("01-b.patch", "")], "has the same number as"),
        (&[("1-a.toml", "")], "1-a.toml: there is no patch beside it"),
        (&[("1-a.patch", ""), ("1-a.toml", "speedup = 3")], "unknown field `speedup`"),
    ];
    for (files, says) in cases {
        let folder = tempfile::tempdir().unwrap();
        let error = replay(folder.path(), files).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}

#[tokio::test]
async fn an_optiloop_inside_an_agent_drives_no_agent() {
    let folder = tempfile::tempdir().unwrap();
    for transport in ["command", "codex_exec"] {
        let agent = Agent::open(&AgentPlan { command: vec!["true".into()], ..plan(transport) }).unwrap();
        let request = TurnRequest { depth: 1, ..request(folder.path(), 1) };
        let end = propose(&agent, &request).await.turn.end;
        let TurnEnd::Failed(AgentFailure::Broken { message }) = end else { panic!("{end:?}") };
        assert!(message.contains("OPTILOOP_DEPTH"), "{message}");
    }
}

#[test]
fn garbage_in_the_spool_hides_no_message() {
    let folder = tempfile::tempdir().unwrap();
    let brief = SpoolBrief { iteration: Iteration(1), text: String::new(), hotspots: Vec::new() };
    let spool = Spool::prepare(folder.path(), &brief, &SpoolAttempts::default()).unwrap();
    let report = AgentReport { hypothesis: "one pass".into(), ..AgentReport::default() };
    spool.post(&SpoolMessage::Report { report: report.clone() }).unwrap();
    let messages = folder.path().join("messages");
    for (name, text) in [("9.json", "{"), ("8.json", r#"{"message":"verdict"}"#), (".tmpX", "{")] {
        crate::fs::replace(&messages.join(name), text.as_bytes()).unwrap();
    }
    crate::fs::replace(&messages.join("7.json"), &vec![b' '; 70_000]).unwrap();
    let (read, faults) = spool.messages().unwrap();
    assert_eq!(read, [SpoolMessage::Report { report: report.clone() }]);
    assert_eq!(faults.len(), 3, "{faults:?}");
    assert_eq!(spool.report().unwrap(), Some(report));
    Spool::prepare(folder.path(), &brief, &SpoolAttempts::default()).unwrap();
    assert_eq!(spool.report().unwrap(), None);
}
