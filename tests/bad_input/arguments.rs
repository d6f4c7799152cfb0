//! Goals, targets, subjects, folders: what is written on the command line.

use crate::place::Place;

#[test]
fn a_goal_that_is_none_ends_with_two_and_says_what_one_is() {
    let place = Place::new();
    for (goal, said) in [
        ("0", "add `%` or `x`, as 20%"),
        ("0%", "above 0 %"),
        ("100", "add `%` or `x`"),
        ("100%", "nothing can become 100 % cheaper"),
        ("-5", "add `%` or `x`"),
        ("-5%", "without a minus"),
        ("abc", "a percentage (20%), nor a speedup (1.25x), nor a bound (<50ms)"),
        ("", "neither a percentage"),
        ("NaN", "neither a percentage"),
        ("1x", "a speedup is above 1x"),
        ("<0ms", "a bound is above 0"),
        ("<5 parsecs", "unit"),
    ] {
        place.run(&["run", "--goal", goal]).ends(2, &["--goal", said]);
    }
}

#[test]
fn a_goal_in_the_file_is_refused_with_its_line() {
    let place = Place::new();
    place.configure("name = \"spin\"", "name = \"spin\"\ngoal = \"0\"");
    place.run(&["run"]).ends(6, &["optiloop.toml:5", "`target.goal`", "add `%` or `x`"]);
}

#[test]
fn a_target_nothing_fits_names_the_nearest_and_what_was_searched() {
    let place = Place::new();
    for target in ["spni", "tests", "src/", "."] {
        place
            .run(&["run", "--target", target])
            .ends(2, &["no benchmark fits", "searched 1 benchmark ", "nearest: spin", "--target spin"]);
    }
}

#[test]
fn without_any_benchmark_the_way_to_one_is_told() {
    let place = Place::new();
    place.write("optiloop.toml", "[agent]\ntransport = \"command\"\ncommand = \"true\"\n");
    place.commit();
    place.run(&["run"]).ends(2, &["there is no benchmark", "optiloop init", "[[bench.case]]"]);
    place
        .run(&["run", "--target", "x"])
        .ends(2, &["no benchmark fits \"x\"", "searched 0 benchmarks", "[[bench.case]]"]);
}

#[test]
fn a_subject_of_judge_that_is_none_ends_with_two() {
    let place = Place::new();
    place.write("work.sh", "true\n");
    place.commit();
    std::fs::write(place.path("empty.patch"), "").unwrap();
    std::fs::write(place.path("prose.patch"), "hello\n").unwrap();
    let (empty, prose) = (place.path("empty.patch"), place.path("prose.patch"));
    for (subject, said) in [
        (
            "nofile.patch",
            &["no commit is named \"nofile.patch\"", "name a patch file, a commit or a range"][..],
        ),
        ("deadbeef", &["no commit is named", "git log --oneline"]),
        ("tests", &["no commit is named", "name a patch file"]),
        ("HEAD~9", &["no commit is named"]),
        ("HEAD..nothing", &["no commit is named \"nothing\""]),
        ("HEAD~1", &["has no parent", "A..B"]),
        ("HEAD...HEAD", &["write `A..B`"]),
        ("HEAD..HEAD~1", &["goes backwards", "is behind", "optiloop judge -"]),
        (empty.to_str().unwrap(), &["(0 bytes) changes no file", "git diff"]),
        (prose.to_str().unwrap(), &["(6 bytes) changes no file", "git diff"]),
        ("-", &["(0 bytes) changes no file"]),
    ] {
        place.run(&["judge", subject]).ends(2, said);
    }
    place.run(&["log"]).ends(0, &[]);
}

#[test]
fn a_patch_that_does_not_apply_is_rejected_with_file_and_line() {
    let place = Place::new();
    let patch = "--- a/work.sh\n+++ b/work.sh\n@@ -1,2 +1,2 @@\n-nothing like it\n+x\n y\n";
    std::fs::write(place.path("other.patch"), patch).unwrap();
    let patch = place.path("other.patch");
    place
        .run(&["judge", patch.to_str().unwrap()])
        .ends(3, &["rejected (does not apply)", "work.sh", "hunk at line 1"]);
}

#[test]
fn a_run_that_has_ended_takes_no_hint_and_shows_its_records() {
    let place = Place::new();
    place.run(&["judge"]).ends(3, &["nothing changed"]);
    let shown = place.run(&["show", "--json"]);
    assert_eq!(shown.stdout, place.run(&["log", "--json"]).stdout);
    let lines: Vec<serde_json::Value> =
        shown.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let run = lines[0]["run"].as_str().unwrap();
    let kinds = |told: crate::place::Told| -> Vec<String> {
        let value = |line| serde_json::from_str::<serde_json::Value>(line).unwrap();
        told.stdout.lines().map(|line| value(line)["record"]["record"].to_string()).collect()
    };
    let of_one = kinds(place.run(&["show", run, "1", "--json"]));
    assert_eq!(of_one, ["\"inspected\"", "\"judged\"", "\"set_aside\""]);
    place.run(&["show", run, "2", "--json"]).ends(2, &["no proposal 2"]);
    place.run(&["hint", run, "look there"]).ends(2, &["has ended", "no brief any more"]);
}

#[test]
fn a_folder_that_is_none_is_named() {
    let place = Place::new();
    place.run(&["-C", "nowhere", "run"]).ends(8, &["no git repository at or above", "nowhere", "git init"]);
    place.run(&["-C", "work.sh", "status"]).ends(2, &[]);
}

#[test]
fn a_store_that_cannot_be_written_is_named_with_the_way_out() {
    let place = Place::new();
    std::fs::write(place.path("file"), "").unwrap();
    let file = place.path("file");
    place.run(&["run", "--store", file.to_str().unwrap()]).ends(9, &["cannot create", "file", "--store DIR"]);
    place.run(&["run", "--store", "/proc/optiloop"]).ends(9, &["cannot create /proc/optiloop"]);
    let mut homeless = place.optiloop(&["run"]);
    homeless.env_remove("HOME").env_remove("XDG_STATE_HOME");
    place.told(homeless).ends(9, &["neither XDG_STATE_HOME nor HOME", "--store DIR"]);
}

#[test]
fn git_is_needed_by_the_demo_alone() {
    let place = Place::new();
    let mut demo = place.optiloop(&["demo", "--dir"]);
    demo.arg(place.path("demo")).env("PATH", place.path("bin"));
    place.told(demo).ends(9, &["git is needed", "install git"]);
    let mut policy = place.optiloop(&["policy"]);
    policy.env("PATH", place.path("bin"));
    place.told(policy).ends(0, &["min-effect"]);
}

#[test]
fn a_subfolder_is_as_good_as_the_root() {
    let place = Place::new();
    place.write("tests/x/y.sh", "true\n");
    place.commit();
    place.run(&["-C", "tests/x", "run", "--goal", "0"]).ends(2, &["--goal"]);
    place.run(&["-C", "tests/x", "policy"]).ends(0, &["confirm-delay = 0", "preset quick"]);
}
