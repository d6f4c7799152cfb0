//! A whole `optiloop run` with the real Codex CLI: it proposes a change without effect, is told why that was
//! rejected, proposes the real one, and the goal is reached.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use optiloop::engine::record::{Entry, Record};
use optiloop::fs;
use optiloop::model::id::Digest;
use optiloop::model::proposal::{ReportSource, Turn};
use optiloop::model::verdict::{Rejection, StopReason, Verdict};
use serde_json::json;

use crate::codex::{codex, done, go, settings};
use crate::model_server::{Act, ModelServer, output};
use crate::project::{Ended, GO, Project, RUST, Subject, header, verdicts};
use crate::turn::processes_naming;

/// What only the first and the second brief say.
const FIRST: &str = "(proposal 1)";
const SECOND: &str = "(proposal 2)";

/// Reads the brief by the tool, edits, reports, says goodbye: four requests.
fn turn(patch: Option<&str>, hypothesis: &str) -> Vec<Vec<Act>> {
    let brief = vec![Act::Mcp { tool: "brief", arguments: json!({}) }];
    let edit = patch.map(|patch| vec![Act::Custom { name: "apply_patch", input: patch.to_owned() }]);
    let report = json!({"hypothesis": hypothesis, "predicted": 0.5});
    let report = vec![Act::Mcp { tool: "report_result", arguments: report }];
    [Some(brief), edit, Some(report), Some(done())].into_iter().flatten().collect()
}

/// The run of a script: what the model saw, what the user saw, what the journal holds.
struct Told {
    server: ModelServer,
    project: Project,
    ended: Ended,
    entries: Vec<Entry>,
}

impl Told {
    async fn of(subject: Subject, codex: &Path, second: Option<&str>) -> Self {
        let server = ModelServer::start_scripts(vec![
            (FIRST, turn(Some(subject.no_op), "a clearer name")),
            (SECOND, turn(second, "each word is looked up once")),
        ])
        .await;
        let agent = toml::Table::from_iter([
            ("transport".to_owned(), "codex_exec".into()),
            ("command".to_owned(), vec![codex.to_string_lossy().into_owned()].into()),
            ("model".to_owned(), "gpt-5.5".into()),
            ("env".to_owned(), vec!["MODEL_KEY".to_owned()].into()),
            ("settings".to_owned(), settings(&server).into()),
        ]);
        let project = Project::new(subject, &agent);
        let before = project.fingerprint();
        let ended = project
            .optiloop(&["run", "--target", subject.target, "--goal", "20%", "--preset", "quick"])
            .await;
        assert_eq!(project.fingerprint(), before, "the checkout is not as it was");
        assert_eq!(processes_naming(&project.path("").to_string_lossy()), Vec::<String>::new());
        let entries = project.entries();
        Self { server, project, ended, entries }
    }

    fn said(&self) -> String {
        format!("{}\n{}", self.ended.stdout, self.ended.stderr)
    }

    fn turns(&self) -> Vec<&Turn> {
        let proposed = self.entries.iter().filter_map(|entry| match &entry.record {
            Record::Proposed(proposed) => Some(&proposed.turn),
            _ => None,
        });
        proposed.collect()
    }

    fn stopped(&self) -> &StopReason {
        match &self.entries.last().unwrap().record {
            Record::Stopped { reason } => reason,
            other => panic!("{other:?}: {}", self.said()),
        }
    }

    fn first_paragraph(&self) -> &str {
        self.ended.stdout.split("\n\n").next().unwrap_or_default()
    }
}

/// Everything that holds of a run whose second proposal is the real fix.
fn check_that_the_goal_was_reached(told: &Told, first: &Rejection, codex: &Path) {
    let said = told.said();
    assert_eq!(told.ended.code, Some(0), "{said}");
    assert_eq!(told.stopped(), &StopReason::GoalReached, "{said}");
    let rejected = Verdict::Rejected { reason: first.clone() };
    assert_eq!(verdicts(&told.entries), [&rejected, &Verdict::Accepted], "{said}");
    let (paragraph, run) = (told.first_paragraph(), &header(&told.entries).run);
    for wanted in ["costs −", "Of 2 proposals 1 was kept, 1 rejected", &format!("optiloop verify {run}")] {
        assert!(paragraph.contains(wanted), "{wanted}: {paragraph}");
    }
    check_commit(told, &run.to_string());
    check_agent(told, codex);
    check_conversations(told, first);
    let (price, proposal) = ("smallest change provable here", "1: waiting for the agent's proposal");
    let before = told.ended.stderr.split(proposal).next().unwrap();
    assert!(before.contains(price) && before.contains("to the agent (codex_exec)"), "{said}");
}

/// One commit on the branch, by the person, with the evidence in trailers.
fn check_commit(told: &Told, run: &str) {
    let branch = format!("main..optiloop/{run}");
    assert_eq!(told.project.git(&["rev-list", "--count", &branch]), "1");
    let trailers = told.project.git(&["log", "--format=%an%n%(trailers)", &branch]);
    for wanted in [
        "A Person\n",
        &format!("Optiloop-Run: {run}\n"),
        "Optiloop-Proposal: 2\n",
        "Optiloop-Effect: −",
        "Optiloop-Confirmed: without delay\n",
        "Co-authored-by: codex",
    ] {
        assert!(trailers.contains(wanted), "{wanted}: {trailers}");
    }
}

/// The journal names the version of the package and the digest of the native program in it.
fn check_agent(told: &Told, codex: &Path) {
    let (version, digest) = installed(codex);
    let expected = format!("codex-cli {version} sha256:{digest}");
    for turn in told.turns() {
        assert_eq!((turn.agent.as_str(), turn.report_source), (expected.as_str(), ReportSource::Tool));
    }
    assert_eq!(told.turns().len(), 2);
}

/// What the model's own log says: four requests a proposal, the brief by the tool, the reason in the second.
fn check_conversations(told: &Told, first: &Rejection) {
    assert_eq!(told.server.requests().len(), 8);
    let target = &header(&told.entries).target;
    for mark in [FIRST, SECOND] {
        let requests = told.server.conversation(mark);
        assert_eq!(requests.len(), 4, "{mark}");
        let brief = output(&requests, 0, 0);
        for wanted in [mark, &format!("Make `{}` cheaper", target.name), "Wanted in all: 20%"] {
            assert!(brief.contains(wanted), "{wanted}: {brief}");
        }
        assert!(output(&requests, 2, 0).contains("recorded"), "{}", output(&requests, 2, 0));
        // Told of first in the second.
        for wanted in [format!("1: a clearer name: {}", first.kind()), first.to_string()] {
            assert_eq!(brief.contains(&wanted), mark == SECOND, "{wanted}: {brief}");
        }
    }
}

/// Version and digest of the program npm installed, found without optiloop's help.
fn installed(codex: &Path) -> (String, Digest) {
    let packages = codex.ancestors().find(|folder| folder.ends_with("@openai")).unwrap();
    let manifest = fs::read_text(&packages.join("codex/package.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let found = Command::new("find").arg(packages).args(["-type", "f", "-name", "codex"]).output().unwrap();
    let native = PathBuf::from(String::from_utf8(found.stdout).unwrap().lines().next().unwrap());
    (manifest["version"].as_str().unwrap().to_owned(), Digest::of(&fs::read(&native).unwrap()))
}

#[tokio::test]
async fn codex_reaches_the_goal_on_a_go_project_after_a_no_op_was_rejected() {
    let test = "codex_reaches_the_goal_on_a_go_project_after_a_no_op_was_rejected";
    let (Some(codex), true) = (codex(test), go(test)) else { return };
    let told = Told::of(GO, &codex, Some(GO.fix)).await;
    check_that_the_goal_was_reached(&told, &Rejection::SameCode, &codex);
    // What go has built once is found again, by each workspace in a cache of its own.
    for workspace in ["base", "cand"] {
        assert!(told.project.stored(&format!("work/{workspace}.caches/go-build")).is_dir(), "{workspace}");
    }
    check_that_a_group_is_its_members(&told.project).await;
}

/// A dry run with what was built already: the price names the benchmarks a group stands for.
async fn check_that_a_group_is_its_members(project: &Project) {
    for (target, members) in [("sizes", &["300", "600"][..]), ("BenchmarkSizes/600", &["600"])] {
        let dry = project.optiloop(&["run", "--target", target, "--preset", "quick", "--dry-run"]).await;
        assert_eq!(dry.code, Some(0), "{}", dry.stderr);
        let priced: Vec<&str> = dry
            .stdout
            .lines()
            .filter_map(|line| line.split_once(" ms a launch"))
            .map(|line| line.0)
            .collect();
        let names: Vec<&str> = priced.iter().filter_map(|line| line.split(": ").next()).collect();
        let wanted: Vec<String> = members.iter().map(|member| format!("BenchmarkSizes/{member}")).collect();
        assert_eq!(names, wanted, "{}", dry.stdout);
        assert!(dry.stdout.contains(&format!("so that {} costs less", wanted.join(", "))), "{}", dry.stdout);
    }
}

#[tokio::test]
async fn codex_reaches_the_goal_on_a_rust_project_after_a_no_op_was_rejected() {
    let Some(codex) = codex("codex_reaches_the_goal_on_a_rust_project_after_a_no_op_was_rejected") else {
        return;
    };
    let told = Told::of(RUST, &codex, Some(RUST.fix)).await;
    check_that_the_goal_was_reached(&told, &Rejection::SameCode, &codex);
}

#[tokio::test]
async fn without_the_edit_in_the_script_nothing_is_kept() {
    let Some(codex) = codex("without_the_edit_in_the_script_nothing_is_kept") else { return };
    let told = Told::of(RUST, &codex, None).await;
    let said = told.said();
    assert_eq!((told.ended.code, told.stopped()), (Some(3), &StopReason::NoActionableHotspot), "{said}");
    let rejected = |reason| Verdict::Rejected { reason };
    let expected = [rejected(Rejection::SameCode), rejected(Rejection::NothingChanged)];
    assert_eq!(verdicts(&told.entries), expected.iter().collect::<Vec<_>>(), "{said}");
    assert_eq!(told.project.git(&["branch", "--format=%(refname:short)"]), "main");
}
