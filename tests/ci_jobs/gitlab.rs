//! The jobs for GitLab, script by script.

use std::collections::BTreeMap;

use serde_yaml_ng::Value;

use crate::place::Place;

const JOBS: &str = ".gitlab/optiloop.yml";

/// Exit code and words of a job on a commit: `before_script` and `script` in one shell, then `after_script`.
fn run(place: &Place, job: &str, commit: &str) -> (i32, String) {
    let jobs = place.job_file(JOBS);
    place.check_out("work", commit);
    place.hand_over("cached", "work/.optiloop-cache");
    place.hand_over("nothing", "elsewhere");
    place.hand_over("artifact", "work/optiloop-out");
    let work = place.path("work").display().to_string();
    let base = place.git("work", &["merge-base", "HEAD", "origin/main"]);
    let mut env: BTreeMap<String, String> = [
        ("CI_PROJECT_DIR", work.as_str()),
        ("CI_COMMIT_SHA", &place.git("work", &["rev-parse", "HEAD"])),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", &base),
        ("CI_DEFAULT_BRANCH", "main"),
        ("CI_SERVER_HOST", "gitlab.example.invalid"),
        ("CI_PIPELINE_URL", "https://gitlab.example.invalid/1"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let parts: Vec<&Value> = match jobs[job]["extends"].as_str() {
        Some(base) => vec![&jobs[base], &jobs[job]],
        None => vec![&jobs[job]],
    };
    for (name, value) in parts.iter().filter_map(|part| part["variables"].as_mapping()).flatten() {
        env.insert(name.as_str().expect("a name").to_owned(), value.as_str().expect("text").to_owned());
    }
    env.insert("OPTILOOP_HOME".to_owned(), place.path("elsewhere").display().to_string());
    let lines = |key: &str| -> String {
        let of = parts.iter().rev().find_map(|part| part[key].as_sequence());
        of.into_iter().flatten().flat_map(|line| [line.as_str().expect("a line"), "\n"]).collect()
    };
    let (status, mut said) = place.bash("work", &(lines("before_script") + &lines("script")), &env);
    said += &place.bash("work", &lines("after_script"), &env).1;
    place.hand_over("work/.optiloop-cache", "cached");
    place.hand_over("work/optiloop-out", "artifact");
    (status, said)
}

#[test]
fn the_gate_fails_for_a_slower_branch_and_remembers_it_in_the_cache() {
    let place = Place::new("gitlab");
    place.branch("slower", 120);
    let (status, said) = run(&place, "optiloop-gate", "slower");
    assert_eq!(status, 10, "{said}");
    assert!(place.text("artifact/report.md").is_some_and(|text| text.contains("| `work` | regressed |")));
    let (status, said) = run(&place, "optiloop-gate", "slower");
    assert!(status == 10 && said.contains("nothing is drawn anew"), "{said}");
}

#[test]
fn the_nightly_job_hands_a_branch_over_and_another_pushes_it_with_a_merge_request() {
    let place = Place::new("gitlab");
    let (status, said) = run(&place, "optiloop-nightly", "main");
    assert_eq!(status, 0, "{said}");
    let (status, said) = run(&place, "optiloop-publish", "main");
    assert_eq!(status, 0, "{said}");
    let branch = place.git("origin.git", &["for-each-ref", "--format=%(refname)", "refs/heads/optiloop"]);
    let passes = place.git("origin.git", &["show", &format!("{branch}:bench.c")]);
    assert!(passes.contains("#define PASSES 70"), "{passes}");
}

#[test]
fn a_pipeline_of_ones_own_is_left_alone_and_one_is_made_where_there_is_none() {
    let place = Place::new("gitlab");
    assert!(
        place.text("seed/.gitlab-ci.yml").is_some_and(|text| text.contains("local: .gitlab/optiloop.yml"))
    );
    let (status, said) = place.bash("seed", "optiloop init --ci gitlab", &BTreeMap::new());
    assert!(status == 2 && said.contains("optiloop.yml is there already"), "{said}");
    let own = "rm -r .gitlab; echo 'stages: [test, deploy]' > .gitlab-ci.yml; optiloop init --ci gitlab";
    let (status, said) = place.bash("seed", own, &BTreeMap::new());
    assert!(status == 0 && said.contains("Add to .gitlab-ci.yml"), "{said}");
    assert_eq!(place.text("seed/.gitlab-ci.yml").as_deref(), Some("stages: [test, deploy]\n"));
}
