//! Agents that are missing, crash, fall silent, never end.

use crate::place::Place;

/// Limits that a test can wait for.
fn impatient(place: &Place) {
    place.configure("[agent]", "[agent]\nidle = \"1s\"\nwall = \"2s\"");
}

#[test]
fn a_missing_agent_is_told_before_anything_is_built() {
    let place = Place::new();
    place.configure("command = \"true\"", "command = \"/nonexistent/agent\"");
    place.run(&["run"]).ends(7, &["/nonexistent/agent", "is not installed", "`[agent] command`"]);
    place.configure("command = \"/nonexistent/agent\"", "command = \"no-such-agent\"");
    place.run(&["run"]).ends(7, &["no-such-agent is not installed", "put it on PATH"]);
    place
        .run(&["run", "--agent", "codex_exec"])
        .ends(7, &["no-such-agent is not installed", "npm install -g @openai/codex"]);
    place.run(&["log"]).ends(0, &[]);
    place.run(&["resume"]).ends(2, &["no run to go on with"]);
}

#[test]
fn an_agent_that_fails_twice_running_ends_the_run_with_seven() {
    for (script, said) in [
        ("echo died >&2; exit 5", &["exit code 5: died"][..]),
        ("sleep 100", &["no sign of life for 1s"]),
        ("while :; do echo hi; sleep 0.2; done", &["2s for the whole turn"]),
        ("kill -9 $$", &["killed by signal 9"]),
    ] {
        let place = Place::new();
        place.agent(script);
        impatient(&place);
        let told = place.run(&["run"]);
        told.ends(7, &["the agent failed", "Next:    mend `[agent]`"]);
        told.ends(7, said);
    }
}

#[test]
fn what_an_agent_leaves_running_ends_with_its_turn() {
    let place = Place::new();
    place.agent("sleep 100 >/dev/null 2>&1 &\nsetsid sleep 100 >/dev/null 2>&1 &\n");
    place.run(&["run"]).ends(3, &["nothing changed"]);
}

#[test]
fn an_endless_agent_ends_with_the_budget() {
    let place = Place::new();
    place.configure("iterations = 1", "iterations = 3");
    place
        .run(&["run"])
        .ends(3, &["Of 3 proposals", "3 rejected (3 nothing changed)", "budget of iterations used up"]);
    place.configure("patience = 99", "patience = 2");
    place.run(&["run"]).ends(3, &["2 proposals in a row without a landing"]);
}

#[test]
fn a_landing_that_a_checked_out_branch_stops_goes_on_after_a_switch() {
    let place = Place::new();
    let user = place.path("other");
    place.git(&["worktree", "add", "-q", "--detach", user.to_str().unwrap()]);
    place.agent(&format!(
        "sed -i s/30000/12000/ work.sh\nrun=$(basename $(dirname $OPTILOOP_SPOOL))\n\
         git -C {} symbolic-ref HEAD refs/heads/optiloop/$run\n",
        user.display()
    ));
    place.configure("preset = \"quick\"", "preset = \"quick\"\nparallelism = \"allow\"");
    place.write("tests/it.sh", ". ./work.sh\ntest $i -gt 10000\n");
    place.commit();
    let mut run = place.optiloop(&["run"]);
    let output = run.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(8), "{said}");
    assert!(said.contains("is checked out in") && said.contains("then resume"), "{said}");
    place.git_in(&user, &["symbolic-ref", "HEAD", "refs/heads/main"]);
    place.run(&["resume"]).ends(0, &["1 was kept"]);
    assert!(place.git(&["branch", "--list", "optiloop/*"]).contains("optiloop/"));
}
