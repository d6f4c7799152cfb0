//! `optiloop.toml` as a whole, and what is said about each kind of mistake.

use std::time::Duration;

use super::ConfigFile;
use crate::model::bench::WorkControl;
use crate::policy::origin::{Committed, Origin, Place};

fn read(text: &str) -> Result<ConfigFile, String> {
    let origin = Origin::File {
        place: Place { path: "optiloop.toml".to_owned(), line: 1 },
        committed: Committed::Yes,
    };
    ConfigFile::read("optiloop.toml", text, &origin).map_err(|error| error.to_string())
}

#[test]
fn a_whole_file_is_read() {
    let file = read(
        r#"
setup = "npm ci && npm run codegen"
collector = "perf"

[env]
FEATURE = "on"

[target]
name = "parse_document"
goal = "1.25x"
guards = ["render"]

[bench]
harness = "command"
build = ["cargo build --release", "strip target/release/bench"]
artifacts = ["target/release/bench"]
files = ["bench/*.rs"]
metric = "parse"
work = "adaptive"
timeout = "90s"

[[bench.case]]
name = "parse_document"
run = "target/release/bench parse {n}"

[[bench.case]]
name = "render"
run = ["target/release/bench", "render", "{n}"]

[[suite]]
kind = "cargo"

[[suite]]
kind = "command"
command = "make check"
timeout = "5m"

[agent]
transport = "codex_exec"
model = "some-model"
env = ["OPENAI_API_KEY"]
wall = "20m"

[budget]
iterations = 3
time = "1h30m"
tokens = 200_000

[policy]
preset = "strict"
min-effect = "7%"
"#,
    )
    .unwrap();
    assert_eq!(file.setup.unwrap().argv, ["sh", "-c", "npm ci && npm run codegen"]);
    assert_eq!(file.goal.unwrap().to_string(), "1.25x");
    assert_eq!(file.bench.build.len(), 2);
    assert_eq!(file.bench.build[1].argv, ["strip", "target/release/bench"]);
    assert_eq!(file.bench.work, Some(WorkControl::Adaptive));
    assert_eq!(file.bench.timeout, Some(Duration::from_secs(90)));
    assert_eq!(file.bench.cases[0].run.argv, ["target/release/bench", "parse", "{n}"]);
    assert_eq!(file.bench.cases[1].run.argv, ["target/release/bench", "render", "{n}"]);
    assert_eq!(file.suites.len(), 2);
    assert_eq!(file.suites[1].timeout, Some(Duration::from_mins(5)));
    assert_eq!(file.agent.unwrap().wall, Some(Duration::from_mins(20)));
    assert_eq!(file.budget.time, Some(Duration::from_mins(90)));
    assert_eq!(file.budget.tokens, Some(200_000));
    let effect = file.policy.layer.min_effect.unwrap();
    assert_eq!(
        (effect.value.to_string(), effect.origin.to_string()),
        ("7 %".to_owned(), "optiloop.toml:51".to_owned())
    );
    assert_eq!(file.policy.preset.unwrap().value, "strict");
}

#[test]
fn an_empty_file_says_nothing() {
    assert_eq!(read("").unwrap(), ConfigFile::default());
}

#[test]
fn a_mistake_is_named_with_its_line_and_what_to_write() {
    for (text, expected) in [
        ("[benhc]\n", "optiloop.toml:1: unknown key `benhc`, did you mean `bench`?"),
        (
            "\n[bench]\nharnes = \"x\"\n",
            "optiloop.toml:3: unknown key `bench.harnes`, did you mean `bench.harness`?",
        ),
        ("[[bench.case]]\nname = \"a\"\n", "optiloop.toml:1: `bench.case.run` is missing"),
        ("[[suite]]\nkind = 3\n", "optiloop.toml:2: `suite.kind` = 3: a text in quotes is wanted"),
        (
            "[target]\ngoal = \"0%\"\n",
            "optiloop.toml:2: `target.goal` = \"0%\": goal \"0%\": a reduction is above 0 %",
        ),
        (
            "[target]\ngoal = \"abc\"\n",
            "optiloop.toml:2: `target.goal` = \"abc\": goal \"abc\": it is neither",
        ),
        ("[budget]\ntime = \"soon\"\n", "optiloop.toml:2: `budget.time` = \"soon\": a time is wanted"),
        ("[budget]\ntime = 0\n", "optiloop.toml:2: `budget.time` = 0: a time above 0 is wanted"),
        (
            "[budget]\niterations = -1\n",
            "optiloop.toml:2: `budget.iterations` = -1: a whole number above 0 is wanted",
        ),
        ("setup = \"a 'b\"\n", "optiloop.toml:1: `setup` = \"a 'b\": missing closing quote"),
        ("setup = []\n", "optiloop.toml:1: `setup` = []: a command is wanted"),
        ("[policy]\nmin-effect = 100\n", "optiloop.toml:2: `policy.min-effect` = 100: a share above 0 %"),
        ("bench = 3\n", "optiloop.toml:1: `bench` = 3: a table is wanted"),
        ("[bench\n", "optiloop.toml:1: not TOML: "),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.starts_with(expected), "{error}\n  wanted {expected}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_gives_a_value_or_an_error_with_a_place(text in "[a-z\\[\\]\"'=.,{}# \n0-9%-]{0,80}") {
        if let Err(error) = read(&text) {
            proptest::prop_assert!(error.starts_with("optiloop.toml:"), "{}", error);
        }
    }
}
