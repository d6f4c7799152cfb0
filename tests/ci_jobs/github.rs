//! The jobs for GitHub, step by step.

use std::collections::BTreeMap;

use serde_yaml_ng::Value;

use crate::place::Place;

const GATE: &str = ".github/workflows/optiloop-gate.yml";
const NIGHTLY: &str = ".github/workflows/optiloop-nightly.yml";

/// How a job ended.
struct Ended {
    sound: bool,
    said: String,
    outputs: BTreeMap<String, String>,
}

/// Runs the steps of a job on a commit; `RUNNER_TEMP` is empty at its start.
fn run(place: &Place, file: &str, job: &str, commit: &str) -> Ended {
    let workflow = place.job_file(file);
    let temp = place.path("temp");
    place.hand_over("nothing", "temp");
    optiloop::fs::create_folder(&temp).expect("a folder");
    let mut ended = Ended { sound: true, said: String::new(), outputs: BTreeMap::new() };
    let at = |name: &str| temp.join(name).display().to_string();
    let mut env: BTreeMap<String, String> = [
        ("RUNNER_TEMP", temp.display().to_string()),
        ("GITHUB_PATH", at("path")),
        ("GITHUB_OUTPUT", at("output")),
        ("GITHUB_STEP_SUMMARY", at("summary")),
        ("GITHUB_SHA", place.git("seed", &["rev-parse", commit])),
        ("GITHUB_REF_NAME", "main".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    env.extend(variables(&workflow["env"], &temp.display().to_string()));
    for step in workflow["jobs"][job]["steps"].as_sequence().expect("steps") {
        let always = match step["if"].as_str() {
            None => false,
            Some("always()") => true,
            Some(other) => panic!("an `if` that is not known here: {other}"),
        };
        if !ended.sound && !always {
            continue;
        }
        if let Some(action) = step["uses"].as_str() {
            act(place, action, step, commit);
            continue;
        }
        let script = step["run"].as_str().expect("a script");
        assert!(!script.contains("${{"), "an expression in a script may be somebody's words: {script}");
        let mut own = env.clone();
        own.extend(variables(&step["env"], &temp.display().to_string()));
        let (status, said) = place.bash("work", script, &own);
        ended.said.push_str(&said);
        ended.sound &= status == 0;
        for line in place.text("temp/output").unwrap_or_default().lines() {
            let (name, value) = line.split_once('=').expect("an output");
            ended.outputs.insert(name.to_owned(), value.to_owned());
        }
    }
    ended
}

/// What an action does to folders. The cache is the runner's home, which stays.
fn act(place: &Place, action: &str, step: &Value, commit: &str) {
    let (name, pin) = action.split_once('@').expect("a pinned action");
    assert!(pin.len() == 40 && pin.chars().all(|c| c.is_ascii_hexdigit()), "{action} is not pinned");
    match name {
        "actions/checkout" => place.check_out("work", commit),
        "actions/cache/restore" | "actions/cache/save" => {
            assert_eq!(step["with"]["path"].as_str(), Some("~/.optiloop"));
        }
        "actions/upload-artifact" => {
            place.hand_over("temp/optiloop", "artifact");
        }
        "actions/download-artifact" => {
            place.hand_over("artifact", "temp/optiloop");
        }
        other => panic!("an action that is not known here: {other}"),
    }
}

/// Variables with their expressions filled in.
fn variables(env: &Value, temp: &str) -> BTreeMap<String, String> {
    let fill = |value: &str| {
        let known = [
            ("${{ github.base_ref }}", "main"),
            ("${{ runner.temp }}", temp),
            ("${{ secrets.OPTILOOP_AGENT_KEY }}", ""),
            ("${{ github.token }}", "a token"),
        ];
        let filled = known.iter().fold(value.to_owned(), |text, (name, by)| text.replace(name, by));
        assert!(!filled.contains("${{"), "an expression that is not known here: {value}");
        filled
    };
    let all = env.as_mapping().into_iter().flatten();
    all.map(|(name, value)| (name.as_str().expect("a name").to_owned(), fill(value.as_str().expect("text"))))
        .collect()
}

#[test]
fn the_gate_fails_for_a_slower_branch_and_passes_for_another_and_both_have_a_summary() {
    let place = Place::new("github");
    place.branch("slower", 120);
    place.branch("same", 100);
    let slower = run(&place, GATE, "gate", "slower");
    assert!(!slower.sound, "{}", slower.said);
    let summary = place.text("temp/summary").expect("a summary");
    assert!(summary.contains("it regressed") && summary.contains("| `work` | regressed |"), "{summary}");
    assert!(place.text("artifact/report.html").is_some_and(|page| page.contains("<svg")));
    let same = run(&place, GATE, "gate", "same");
    assert!(same.sound, "{}", same.said);
    let summary = place.text("temp/summary").expect("a summary");
    assert!(summary.contains("equal machine code"), "{summary}");
    // Run again, the slower one is not measured anew: the journal was kept.
    let again = run(&place, GATE, "gate", "slower");
    assert!(!again.sound && again.said.contains("nothing is drawn anew"), "{}", again.said);
}

#[test]
fn the_nightly_job_hands_a_branch_over_and_another_pushes_it_and_opens_a_pull_request() {
    let place = Place::new("github");
    let found = run(&place, NIGHTLY, "run", "main");
    assert!(found.sound, "{}", found.said);
    assert_eq!(found.outputs.get("kept").map(String::as_str), Some("true"), "{}", found.said);
    assert!(place.text("temp/summary").is_some_and(|text| text.contains("**kept**")), "{}", found.said);
    let heads = |place: &Place| {
        place.git("origin.git", &["for-each-ref", "--format=%(refname)", "refs/heads/optiloop"])
    };
    assert_eq!(heads(&place), "", "the job of the agent has pushed");
    let published = run(&place, NIGHTLY, "publish", "main");
    assert!(published.sound, "{}", published.said);
    let branch = heads(&place);
    let passes = place.git("origin.git", &["show", &format!("{branch}:bench.c")]);
    assert!(passes.contains("#define PASSES 70"), "{passes}");
    let asked = place.text("gh").expect("a pull request");
    assert!(
        asked.starts_with(&format!("pr\ncreate\n--head\n{}\n", branch.trim_start_matches("refs/heads/"))),
        "{asked}"
    );
}

#[test]
fn a_night_without_a_gain_is_no_failure_and_pushes_nothing() {
    let place = Place::new("github");
    optiloop::fs::remove_folder(&place.path("proposals")).expect("no proposals");
    optiloop::fs::create_folder(&place.path("proposals")).expect("a folder");
    let found = run(&place, NIGHTLY, "run", "main");
    assert!(found.sound && !found.outputs.contains_key("kept"), "{}", found.said);
    assert!(found.said.contains("nothing was kept"), "{}", found.said);
}

#[test]
fn only_the_job_that_runs_nothing_of_the_project_may_write() {
    let place = Place::new("github");
    let (gate, nightly) = (place.job_file(GATE), place.job_file(NIGHTLY));
    let text = |value: &Value| serde_yaml_ng::to_string(value).expect("YAML").trim().to_owned();
    assert_eq!(text(&gate["permissions"]), "contents: read");
    assert!(gate["on"].get("pull_request_target").is_none() && !text(&gate).contains("secrets."));
    assert_eq!(text(&nightly["jobs"]["run"]["permissions"]), "contents: read");
    assert_eq!(text(&nightly["jobs"]["publish"]["permissions"]), "contents: write\npull-requests: write");
    assert!(!text(&nightly["jobs"]["publish"]).contains("optiloop -C"));
}
