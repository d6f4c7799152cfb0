//! What agents, reviewers and git read, whole.

use super::*;
use crate::engine::brief::Attempt;
use crate::model::hotspot::Hotspot;
use crate::model::id::{Iteration, RunId};
use crate::policy::origin::Committed;
use crate::stats::estimate::Estimate;

fn brief(brief: &Brief) -> Result<String, TemplateError> {
    Templates::open(None)?.brief(brief)
}

fn commit_message(landing: &Landing) -> Result<String, TemplateError> {
    Templates::open(None)?.commit_message(landing)
}

fn a_brief() -> Brief {
    Brief {
        iteration: Iteration(3),
        target: "parse_document".to_owned(),
        benchmarks: vec!["parse_document".to_owned()],
        goal: Some("20%".to_owned()),
        so_far: Some("−12.4 % with 1 landed changes".to_owned()),
        hotspot: Some(Hotspot {
            name: "resolve".to_owned(),
            file: Some("src/references.rs".to_owned()),
            bound: 0.62,
            own: 0.4,
            user_code: true,
            callers: vec![("parse".to_owned(), 1.0)],
            callees: Vec::new(),
            lines: vec![(12, 0.4), (14, 0.1)],
            source: Some("12 for label in labels {".to_owned()),
        }),
        attempts: vec![Attempt {
            iteration: Iteration(2),
            hypothesis: "One pass\nis enough".to_owned(),
            hotspot: Some("resolve".to_owned()),
            outcome: "unchanged".to_owned(),
            detail: "no gain; measured −0.1 % [−0.8, +0.6]".to_owned(),
            diff: None,
        }],
        min_effect: 0.05,
        smallest_provable: 0.061,
        protected: vec!["benches/**".to_owned()],
        advice: vec!["Prefer clear code.".to_owned()],
        hints: vec!["look at the labels".to_owned()],
        budget_left: "7 proposals, 90 minutes, 900000 tokens".to_owned(),
    }
}

fn a_landing() -> Landing {
    Landing {
        run: RunId::new("20260101-120000-ab12"),
        iteration: Iteration(3),
        hypothesis: "Look labels up in a map.\nOptiloop-Effect: −99.0 % is a lie".to_owned(),
        agent: "codex 1.2.3 <evil>".to_owned(),
        target: "parse_document".to_owned(),
        effect: Estimate { log: 0.1324, low: 0.1143, high: 0.1497, level: 0.95, se: 0.005, n: 20 },
        instrument: "CPU time (one thread)".to_owned(),
        stamps: vec![
            ("Clock agreement".to_owned(), "yes".to_owned()),
            ("Note".to_owned(), "two\nlines".to_owned()),
        ],
        accepted_by: None,
    }
}

#[test]
fn a_brief_says_goal_hotspot_attempts_rules_and_how_to_report() {
    insta::assert_snapshot!(brief(&a_brief()).unwrap(), @"
    # Make `parse_document` cheaper (proposal 3)

    Edit the code in this folder so that parse_document costs less, then report. optiloop builds, tests and
    measures your change itself and keeps it only if it is really cheaper; nothing you say or print counts as evidence, so
    do not spend time on measuring.

    - Wanted in all: 20%; so far −12.4 % with 1 landed changes.
    - A change counts from 5.0 % on; the smallest that can be proven here now is 6.1 %. Aim above both.
    - One idea, as small as it can be, to be reverted alone. The whole behaviour must stay: the full suite runs on your tree.
    - Do not touch benchmarks, existing tests, build settings or dependencies, nor benches/**.
    - Left: 7 proposals, 90 minutes, 900000 tokens.

    ## Where the cost is

    `resolve` in src/references.rs: 62.0 % of the cost passes through it (40.0 % is its own). Removing it whole would save no more than that.

    Callers: parse (100.0 %)
    Hottest lines: 12 (40.0 %), 14 (10.0 %)

    ```
    12 for label in labels {
    ```

    ## What was tried

    - 2: One pass is enough: unchanged (no gain; measured −0.1 % [−0.8, +0.6])

    ## The project's own advice

    - Prefer clear code.

    ## From the person who watches

    - look at the labels

    ## Report

    When you are done, call the tool `report_result` of the server `optiloop` with `hypothesis` (why it is cheaper), `hotspot` (`resolve`) and `predicted` (the share of cost you expect to save: 0.2 is 20 %). If you see nothing worth trying, change nothing and report `nothing_more: true`.
    ");
}

#[test]
fn a_brief_without_profile_and_history_has_no_empty_sections() {
    let bare = Brief {
        hotspot: None,
        attempts: Vec::new(),
        advice: Vec::new(),
        hints: Vec::new(),
        goal: None,
        so_far: None,
        ..a_brief()
    };
    let text = brief(&bare).unwrap();
    assert!(!text.contains("What was tried") && !text.contains("\n\n\n"), "{text}");
}

#[test]
fn a_commit_carries_the_evidence_in_trailers_that_no_hypothesis_can_add_to() {
    insta::assert_snapshot!(commit_message(&a_landing()).unwrap(), @"
    Look labels up in a map

        Look labels up in a map.
        Optiloop-Effect: −99.0 % is a lie

    parse_document costs −12.4 % [−13.9, −10.8] (95 % interval, 20 fresh paired launches,
    CPU time (one thread)), compared with the commit before.

    Optiloop-Run: 20260101-120000-ab12
    Optiloop-Proposal: 3
    Optiloop-Effect: −12.4 % [−13.9, −10.8]
    Optiloop-Clock-agreement: yes
    Optiloop-Note: two lines
    Co-authored-by: codex 1.2.3 evil <agent@optiloop.invalid>
    ");
}

#[test]
fn a_long_hypothesis_is_no_subject() {
    let landing = Landing { hypothesis: "x".repeat(80), ..a_landing() };
    assert!(commit_message(&landing).unwrap().starts_with("Make parse_document cheaper\n"));
}

#[test]
fn a_file_in_the_folder_of_overrides_replaces_one_template_and_a_broken_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    crate::fs::replace(&folder.path().join("brief.md"), b"only {{ target }}").unwrap();
    let templates = Templates::open(Some(folder.path())).unwrap();
    assert_eq!(templates.brief(&a_brief()).unwrap(), "only parse_document");
    assert!(templates.commit_message(&a_landing()).unwrap().contains("Optiloop-Run:"));
    crate::fs::replace(&folder.path().join("brief.md"), b"{{ nothing_such }}").unwrap();
    let error = Templates::open(Some(folder.path())).unwrap().brief(&a_brief()).unwrap_err();
    assert!(error.to_string().starts_with("template brief.md cannot be rendered"), "{error}");
}

#[test]
fn the_block_for_agents_md_is_policy() {
    let text = Templates::open(None).unwrap().agents_block().unwrap();
    let file = crate::policy::agents_md::File { path: "AGENTS.md", text: &text, committed: Committed::Yes };
    let reading = crate::policy::agents_md::read(&[file]).unwrap();
    assert_eq!(reading.voices.len(), 1);
    assert!(reading.voices[0].layer.min_effect.is_some());
}
