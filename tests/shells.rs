//! `completions` and `man`: that the shells and `man` take them, and that bash really completes.
#![expect(clippy::disallowed_methods, reason = "tests start the program and bash as a person does")]

use std::process::Command;

fn printed(arguments: &[&str]) -> String {
    let output = Command::new(assert_cmd::cargo::cargo_bin("optiloop")).args(arguments).output();
    let output = output.expect("it starts");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// What bash offers after these words, the last of which is being typed.
fn offered(words: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let script = folder.path().join("optiloop.bash");
    optiloop::fs::replace(&script, printed(&["completions", "bash"]).as_bytes()).expect("a script");
    // As readline would: the function that `complete` registered, with the words and the one being typed.
    let ask = r#"source "$1"; shift
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
        entry=$(complete -p optiloop); name=${entry#*-F }; name=${name%% *}
        "$name" optiloop "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\n' "${COMPREPLY[@]}""#;
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-c", ask, "bash"]).arg(&script).args(words);
    let output = bash.output().expect("bash starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_verbs_flags_and_values() {
    assert_eq!(offered(&["optiloop", "jud"]), ["judge"]);
    assert_eq!(offered(&["optiloop", "run", "--min"]), ["--min-effect"]);
    assert_eq!(offered(&["optiloop", "report", "--format", ""]), ["markdown", "json", "html"]);
    assert_eq!(offered(&["optiloop", "completions", "z"]), ["zsh"]);
}

#[test]
fn zsh_and_fish_get_every_verb() {
    for shell in ["zsh", "fish"] {
        let script = printed(&["completions", shell]);
        for verb in ["judge", "report", "resume", "completions"] {
            assert!(script.contains(verb), "{shell}: {verb}");
        }
    }
}

#[test]
fn the_man_page_has_a_section_a_verb_with_its_flags() {
    let page = printed(&["man"]);
    let title = page.lines().find(|line| line.starts_with(".TH"));
    assert!(title.is_some_and(|title| title.starts_with(".TH optiloop 1")), "{title:?}");
    let judge = page.split_once(".SH \"OPTILOOP JUDGE\"").expect("a section").1;
    let judge = judge.split(".SH ").next().unwrap_or_default();
    assert!(
        judge.contains("no\\-confirm") && judge.contains("Give the verdict without fresh pairs"),
        "{judge}"
    );
    for verb in ["RUN", "REPORT", "GC", "MAN"] {
        assert!(page.contains(&format!(".SH \"OPTILOOP {verb}\"")), "{verb}");
    }
}
