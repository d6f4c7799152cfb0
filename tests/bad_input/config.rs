//! optiloop.toml and AGENTS.md: unreadable, misspelt, contradictory.

use crate::place::Place;

#[test]
fn a_key_or_value_that_is_none_is_refused_with_file_line_and_what_is_meant() {
    for (from, to, said) in [
        (
            "patience",
            "patiense",
            &["optiloop.toml:18", "unknown key `budget.patiense`", "did you mean `budget.patience`?"][..],
        ),
        ("[bench]", "[bench]\ntimeout = \"soon\"", &["optiloop.toml:6", "`bench.timeout` = \"soon\""]),
        ("preset = \"quick\"", "preset = \"fast\"", &["no preset `fast`", "default, strict, quick"]),
        (
            "preset = \"quick\"",
            "min-effect = \"abc\"",
            &["optiloop.toml:20", "a share above 0 %", "as \"5%\""],
        ),
        ("preset = \"quick\"", "protected = [\"[z\"]", &["`[z` is not a glob", "`*` stays within a folder"]),
        ("[policy]", "[policy", &["optiloop.toml:19", "not TOML"]),
        ("run = \"sh bench.sh\"", "", &["optiloop.toml:7", "`bench.case.run` is missing"]),
        ("kind = \"command\"", "kind = \"pytets\"", &["no suite named \"pytets\"", "known: cargo, command"]),
        ("command = \"sh tests/it.sh\"", "", &["suite \"command\" has no command", "[[suite]]"]),
        (
            "[bench]",
            "[bench]\nharness = \"jmhh\"",
            &["no harness named \"jmhh\"", "known: command, criterion"],
        ),
        (
            "collector = \"none\"",
            "collector = \"vtune\"",
            &["no collector named \"vtune\"", "known: go_pprof, perf"],
        ),
        (
            "language = \"generic\"",
            "language = \"cobol\"",
            &["no language named \"cobol\"", "known: go, rust"],
        ),
        (
            "language = \"generic\"",
            "root = \"nowhere\"",
            &["`root` = \"nowhere\"", "no folder inside the repository"],
        ),
        (
            "language = \"generic\"",
            "root = \"../x\"",
            &["`root` = \"../x\"", "no folder inside the repository"],
        ),
        ("[bench]", "[bench]\nartifacts = [\"/bin/sh\"]", &["/bin/sh is not a path inside the project"]),
        ("[bench]", "[bench]\nartifacts = [\"../x\"]", &["../x is not a path inside the project"]),
        (
            "name = \"spin\"",
            "name = \"spin\"\nguards = [\"spim\"]",
            &["`target.guards`", "no benchmark named \"spim\"", "nearest: spin"],
        ),
        (
            "transport = \"command\"",
            "transport = \"gpt\"",
            &["no agent transport named \"gpt\"", "known: codex_exec, command, replay"],
        ),
        ("transport = \"command\"", "transport = \"replay\"", &["replay needs `proposals`"]),
        ("iterations = 1", "iterations = -1", &["optiloop.toml:17", "`budget.iterations` = -1"]),
    ] {
        let place = Place::new();
        place.configure(from, to);
        place.run(&["run"]).ends(6, said);
        // Nothing was begun that `resume` would find.
        place.run(&["log"]).ends(if place.path("state").exists() { 0 } else { 2 }, &[]);
        assert_eq!(place.run(&["resume"]).code, 2, "{to}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_a_matter_of_config() {
    let place = Place::new();
    let path = place.user().join("optiloop.toml");
    std::fs::write(&path, b"\xff\xfe").unwrap();
    place.run(&["run"]).ends(6, &["cannot read", "optiloop.toml", "UTF-8"]);
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    place.run(&["policy"]).ends(6, &["cannot read", "optiloop.toml", "make it a file"]);
    std::fs::remove_dir(&path).unwrap();
    std::fs::create_dir(place.user().join("AGENTS.md")).unwrap();
    place.run(&["doctor"]).ends(6, &["cannot read", "AGENTS.md"]);
}

#[test]
fn policy_that_contradicts_or_loosens_names_both_sides() {
    let place = Place::new();
    place.write("AGENTS.md", "# Rules\n```toml optiloop\nmin-effect = \"10%\"\n```\n");
    place.commit();
    place.run(&["run", "--min-effect", "5%"]).ends(
        6,
        &["--min-effect loosens `min-effect` to 5 %", "AGENTS.md:3 demands 10 %", "--override-policy"],
    );
    place.run(&["policy", "--min-effect", "5%", "--override-policy"]).ends(0, &["min-effect = 5 %"]);
    place.write("AGENTS.md", "# Rules\n```toml optiloop\nminn-effect = \"10%\"\n```\n");
    place.run(&["run"]).ends(6, &["AGENTS.md:3", "unknown key `minn-effect`", "did you mean `min-effect`?"]);
}
