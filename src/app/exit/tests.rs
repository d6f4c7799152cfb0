//! The table of exit codes, whole.

use super::*;
use crate::model::verdict::HoldReason;

fn stops() -> Vec<(&'static str, Option<StopReason>)> {
    let detail = || "…".to_owned();
    vec![
        ("goal reached", Some(StopReason::GoalReached)),
        ("goal estimated", Some(StopReason::GoalEstimated)),
        ("budget", Some(StopReason::Budget { which: "time".to_owned() })),
        ("patience", Some(StopReason::Patience { iterations: 5 })),
        ("nothing more", Some(StopReason::NothingMore)),
        ("no hotspot", Some(StopReason::NoActionableHotspot)),
        ("original fails", Some(StopReason::OriginalFails { detail: detail() })),
        ("too noisy", Some(StopReason::TooNoisy { detail: detail() })),
        ("agent failed", Some(StopReason::AgentFailed { detail: detail() })),
        ("environment", Some(StopReason::Environment { detail: detail() })),
        ("not ended", None),
    ]
}

#[test]
fn every_ending_of_a_run_has_the_exit_code_the_design_names() {
    let run = Ending { stop: None, goal: GoalGiven::No, kept: 0, held: 0, inconclusive: 0, judged: None };
    let mut table = String::from("stop            kept+goal kept held inconclusive nothing\n");
    for (name, stop) in stops() {
        let run = Ending { stop: stop.as_ref(), ..run };
        let cases = [
            Ending { kept: 1, goal: GoalGiven::Yes, ..run },
            Ending { kept: 1, ..run },
            Ending { held: 1, inconclusive: 1, ..run },
            Ending { inconclusive: 1, ..run },
            run,
        ];
        let codes = cases.map(|ending| of_run(&ending).code());
        let row = codes.iter().zip([9, 4, 4, 12, 7]).map(|(code, width)| format!(" {code:width$}"));
        table.push_str(&format!("{name:15}{}\n", row.collect::<String>()));
    }
    insta::assert_snapshot!(table, @r"
    stop            kept+goal kept held inconclusive nothing
    goal reached            0    0    0            0       0
    goal estimated          0    0    0            0       0
    budget                  1    0   11            5       3
    patience                1    0   11            5       3
    nothing more            1    0   11            5       3
    no hotspot              1    0   11            5       3
    original fails          1    0    4            4       4
    too noisy               1    0   11            5       5
    agent failed            1    0    7            7       7
    environment             1    0    9            9       9
    not ended             130  130  130          130     130
    ");
}

#[test]
fn every_verdict_of_judge_has_the_exit_code_the_design_names() {
    let detail = || "…".to_owned();
    let verdicts = [
        Verdict::Accepted,
        Verdict::Held { reasons: vec![HoldReason::Tail { mean_ratio: 0.99 }] },
        Verdict::Rejected { reason: Rejection::Regressed },
        Verdict::Rejected { reason: Rejection::Inconclusive { detail: detail() } },
        Verdict::Rejected { reason: Rejection::Unchanged },
        Verdict::Rejected { reason: Rejection::SameCode },
        Verdict::Rejected { reason: Rejection::TestsFailed { tests: Vec::new(), detail: detail() } },
    ];
    let codes = verdicts.each_ref().map(|verdict| {
        let stop = Some(&StopReason::Judged);
        let ending =
            Ending { stop, goal: GoalGiven::No, kept: 0, held: 0, inconclusive: 0, judged: Some(verdict) };
        of_run(&ending).code()
    });
    assert_eq!(codes, [0, 11, 10, 5, 3, 3, 3]);
}
