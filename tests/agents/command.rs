//! Plain commands as agents.

use std::time::Duration;

use optiloop::model::proposal::{AgentEvent, AgentFailure, Edit, ReportSource, TurnEnd};
use tokio_util::sync::CancellationToken;

use crate::turn::{Turn, plan, processes_naming};

fn shell(script: &str) -> optiloop::model::plan::AgentPlan {
    plan("command", &["sh", "-c", script])
}

#[tokio::test]
async fn a_command_reads_the_brief_edits_its_workspace_and_reports_in_a_file() {
    let turn = Turn::new();
    let plan = shell(
        r#"cat > a.txt; cat "$OPTILOOP_BRIEF" >> a.txt
           echo '{"hypothesis":"one pass","predicted":0.2}' > "$OPTILOOP_REPORT"
           echo "depth $OPTILOOP_DEPTH in $TMPDIR""#,
    );
    let mut said = Vec::new();
    let proposed = turn.ask_watched(&plan, &mut |event| said.push(event), &CancellationToken::new()).await;
    assert_eq!(proposed.turn.end, TurnEnd::Completed);
    assert_eq!(proposed.edit, Some(Edit::InWorkspace));
    assert_eq!(turn.edited(), "Make parse cheaper.Make parse cheaper.");
    assert_eq!(proposed.turn.report_source, ReportSource::File);
    assert_eq!(proposed.turn.report.unwrap().predicted, Some(0.2));
    assert_eq!(proposed.turn.tokens.total(), None);
    let text = format!("depth 1 in {}", turn.request.tmp.display());
    assert_eq!(said, [AgentEvent::Said { text }]);
}

#[tokio::test]
async fn a_report_in_the_last_line_counts_where_there_is_no_other() {
    let turn = Turn::new();
    let plan = shell(r#"echo working; echo '{"hypothesis":"nothing left","nothing_more":true}'"#);
    let proposed = turn.ask(&plan).await;
    assert_eq!((proposed.turn.end, proposed.edit), (TurnEnd::NothingMore, None));
    assert_eq!(proposed.turn.report_source, ReportSource::LastMessage);
}

#[tokio::test]
async fn a_command_can_report_through_the_spool() {
    let turn = Turn::new();
    let plan = shell(
        r#"echo '{"message":"report","report":{"hypothesis":"one pass"}}' > "$OPTILOOP_SPOOL/messages/1.json"
           echo '{"hypothesis":"the file"}' > "$OPTILOOP_REPORT""#,
    );
    let proposed = turn.ask(&plan).await;
    assert_eq!(proposed.turn.report_source, ReportSource::Tool);
    assert_eq!(proposed.turn.report.unwrap().hypothesis, "one pass");
}

#[tokio::test]
async fn a_report_of_an_earlier_turn_is_not_this_ones() {
    let turn = Turn::new();
    turn.ask(&shell(r#"echo '{"hypothesis":"old"}' > "$OPTILOOP_REPORT""#)).await;
    let proposed = turn.ask(&shell("true")).await;
    assert_eq!((proposed.turn.report, proposed.turn.report_source), (None, ReportSource::None));
}

#[tokio::test]
async fn a_failing_command_says_how_it_ended_and_what_it_said() {
    let turn = Turn::new();
    let proposed = turn.ask(&shell("echo no key >&2; exit 3")).await;
    let message = "exit code 3: no key".to_owned();
    assert_eq!(proposed.turn.end, TurnEnd::Failed(AgentFailure::Broken { message }));
    assert_eq!(proposed.edit, None);
}

#[tokio::test]
async fn a_command_that_is_not_there_is_not_installed() {
    let turn = Turn::new();
    let proposed = turn.ask(&plan("command", &["no-such-agent"])).await;
    let TurnEnd::Failed(AgentFailure::NotInstalled { looked_for }) = proposed.turn.end else {
        panic!("{:?}", proposed.turn.end)
    };
    assert!(looked_for.starts_with("no-such-agent"), "{looked_for}");
}

#[tokio::test]
async fn silence_and_length_have_limits_and_leave_no_process() {
    for (script, idle, wall, says) in [
        ("setsid $SLEEP & $SLEEP", 300, 60_000, "no sign of life"),
        ("setsid $SLEEP & while :; do echo busy; sleep 0.01; done", 60_000, 500, "for the whole turn"),
    ] {
        let mut turn = Turn::new();
        let sleep = format!("sleep 1111.{}", std::process::id());
        turn.request.idle = Duration::from_millis(idle);
        turn.request.wall = Duration::from_millis(wall);
        let proposed = turn.ask(&shell(&script.replace("$SLEEP", &sleep))).await;
        let TurnEnd::Failed(AgentFailure::TimedOut { limit }) = proposed.turn.end else {
            panic!("{script}: {:?}", proposed.turn.end)
        };
        assert!(limit.contains(says), "{limit}");
        assert_eq!(processes_naming(&sleep), Vec::<String>::new());
        assert!(proposed.turn.tokens.at_least);
    }
}

#[tokio::test]
async fn an_interrupted_turn_leaves_no_process_not_even_a_daemon() {
    let turn = Turn::new();
    let mark = format!("sleep 1222.{}", std::process::id());
    let script = format!("setsid sh -c 'trap \"\" INT TERM; {mark}; :' & echo ready; wait");
    let cancel = CancellationToken::new();
    let proposed = turn.ask_watched(&shell(&script), &mut |_| cancel.cancel(), &cancel).await;
    assert_eq!(proposed.turn.end, TurnEnd::Failed(AgentFailure::Cancelled));
    assert_eq!(processes_naming(&mark), Vec::<String>::new());
}
