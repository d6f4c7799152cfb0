//! Tests of the module as a whole: what sources say, and the policy they make.

use super::Policy;
use super::error::PolicyError;
use super::origin::{Committed, Origin, Place};
use super::read::{self, Stated};
use super::resolve::{Overriding, Voice, resolve};
use super::table::Table;

fn file(path: &str, committed: Committed) -> Origin {
    Origin::File { place: Place { path: path.to_owned(), line: 1 }, committed }
}

fn says(origin: &Origin, text: &str) -> Voice {
    let Stated { preset, layer } =
        read::policy(Table::parse("optiloop.toml", text).unwrap(), origin).unwrap();
    Voice { origin: origin.clone(), preset, layer }
}

fn flag(key: &str, text: &str) -> Voice {
    let origin = Origin::Flag { name: format!("--{key}") };
    let Stated { preset, layer } = read::single(key, text, &origin).unwrap();
    Voice { origin, preset, layer }
}

fn committed(text: &str) -> Voice {
    says(&file("optiloop.toml", Committed::Yes), text)
}

fn combine(voices: impl IntoIterator<Item = Voice>) -> Result<Policy, PolicyError> {
    resolve(voices.into_iter().collect(), Overriding::Refused)
}

fn refusal(text: &str) -> String {
    let origin = file("sub/optiloop.toml", Committed::Yes);
    Table::parse("sub/optiloop.toml", text)
        .and_then(|table| read::policy(table, &origin))
        .unwrap_err()
        .to_string()
}

#[test]
fn without_a_word_the_default_preset_holds_and_says_so() {
    let policy = combine([]).unwrap();
    assert!((policy.min_effect.value.get() - 0.05).abs() < 1e-15);
    assert_eq!(policy.confirm_delay.value.0, 300);
    assert_eq!(policy.min_effect.origin.to_string(), "preset default");
}

#[test]
fn among_committed_sources_the_strictest_wins_with_its_line() {
    let policy = combine([
        committed("guard-margin = 2\n\nmin-effect = 3\n"),
        says(&file("sub/optiloop.toml", Committed::Yes), "guard-margin = 4\n\n\nmin-effect = \"7%\""),
    ])
    .unwrap();
    assert_eq!(policy.min_effect.value.to_string(), "7 %");
    assert_eq!(policy.min_effect.origin.to_string(), "sub/optiloop.toml:4");
    assert_eq!(policy.guard_margin.value.to_string(), "2 %");
    assert_eq!(policy.guard_margin.origin.to_string(), "optiloop.toml:1");
}

#[test]
fn a_flag_may_tighten_what_is_committed() {
    let policy = combine([committed("min-effect = 5"), flag("min-effect", "10%")]).unwrap();
    assert_eq!(policy.min_effect.origin.to_string(), "--min-effect");
}

#[test]
fn loosening_what_is_committed_is_refused_naming_both() {
    let error = combine([committed("\nmin-effect = 5"), flag("min-effect", "3%")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "--min-effect loosens `min-effect` to 3 %, but optiloop.toml:2 demands 5 %"
    );
    assert!(error.hint().unwrap().contains("--override-policy"));
}

#[test]
fn an_override_holds_and_is_listed_for_the_stamp() {
    let voices = vec![committed("min-effect = 5\nguards = \"clean\""), flag("min-effect", "3%")];
    let policy = resolve(voices, Overriding::Allowed).unwrap();
    assert_eq!(policy.min_effect.value.to_string(), "3 %");
    assert_eq!(policy.overrides.len(), 1);
    assert_eq!(policy.overrides[0].key, "min-effect");
    assert_eq!(policy.overrides[0].from.origin.to_string(), "optiloop.toml:1");
}

#[test]
fn a_file_that_is_not_committed_gives_way_to_a_flag() {
    let loose = says(&file("optiloop.toml", Committed::No), "min-effect = 5");
    let policy = combine([loose, flag("min-effect", "3%")]).unwrap();
    assert_eq!(policy.min_effect.value.to_string(), "3 %");
    assert!(policy.overrides.is_empty());
}

#[test]
fn a_file_that_is_not_committed_cannot_loosen_a_committed_one() {
    let loose = says(&file("optiloop.toml", Committed::No), "full-suite = false");
    let error = combine([loose, committed("full-suite = true")]).unwrap_err();
    assert!(matches!(error, PolicyError::Loosens { key: "full-suite", .. }), "{error}");
}

#[test]
fn a_preset_stands_beneath_what_its_chooser_says_and_ranks_like_it() {
    let policy = combine([committed("preset = \"strict\"\ndependencies = \"hold\"")]).unwrap();
    assert_eq!(policy.dependencies.value.to_string(), "hold");
    assert_eq!(policy.parallelism.origin.to_string(), "preset strict (optiloop.toml:1)");
    let error = combine([committed("preset = \"strict\""), flag("parallelism", "allow")]).unwrap_err();
    assert!(matches!(error, PolicyError::Loosens { key: "parallelism", .. }), "{error}");
}

#[test]
fn quick_differs_from_default_in_the_delay_alone() {
    let quick = combine([flag("preset", "quick")]).unwrap();
    let default = combine([]).unwrap();
    assert_eq!(quick.confirm_delay.value.0, 0);
    let same = Policy { confirm_delay: default.confirm_delay.clone(), ..quick };
    assert_eq!(same, default);
}

#[test]
fn an_unknown_preset_names_the_nearest() {
    let error = combine([flag("preset", "strickt")]).unwrap_err();
    assert_eq!(error.to_string(), "--preset: there is no preset `strickt`, did you mean `strict`?");
}

#[test]
fn what_cannot_both_hold_names_both_places() {
    let error = combine([
        committed("profile-for = { latency = \"cpu\" }"),
        says(&file("sub/optiloop.toml", Committed::Yes), "\nprofile-for.latency = \"heap\""),
    ])
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "optiloop.toml:1 says `profile-for.latency = cpu`, sub/optiloop.toml:2 says \
         `profile-for.latency = heap`: both cannot hold"
    );
    let error = combine([committed("confirm = false\nconfirm-delay = \"5m\"")]).unwrap_err();
    assert!(matches!(error, PolicyError::Contradiction { .. }), "{error}");
}

#[test]
fn protected_globs_are_united_each_with_its_origin_and_folder() {
    let policy = combine([
        committed("protected = [\n  \"schema/\",\n  \"*.sql\",\n]"),
        says(&file("sub/optiloop.toml", Committed::Yes), "protected = \"x.rs\""),
        flag("protected", "y.rs"),
    ])
    .unwrap();
    let shown: Vec<String> =
        policy.protected.iter().map(|said| format!("{} {}", said.value, said.origin)).collect();
    for expected in [
        "schema/ optiloop.toml:2",
        "*.sql optiloop.toml:3",
        "sub/**/x.rs sub/optiloop.toml:1",
        "y.rs --protected",
        "AGENTS.md preset default",
    ] {
        assert!(shown.iter().any(|line| line == expected), "{expected} in {shown:?}");
    }
}

#[test]
fn numbers_are_read_as_people_write_them() {
    for text in ["5", "\"5%\"", "\"5 %\"", "0.05", "5.0", "\"5\"", "\"0.05\""] {
        let voice = committed(&format!("min-effect = {text}"));
        let value = voice.layer.min_effect.unwrap().value.get();
        assert!((value - 0.05).abs() < 1e-15, "{text} is {value}");
    }
}

#[test]
fn nonsense_is_refused_with_file_and_line() {
    for value in
        ["0", "100", "\"100%\"", "-5", "\"-5%\"", "nan", "inf", "1.0", "\"abc\"", "true", "[5]", "1e-2000"]
    {
        let shown = refusal(&format!("\nmin-effect = {value}"));
        assert!(shown.starts_with("sub/optiloop.toml:2: `min-effect` = "), "{value}: {shown}");
    }
    for (text, expected) in [
        ("min-efect = 5", "sub/optiloop.toml:1: unknown key `min-efect`, did you mean `min-effect`?"),
        (
            "\n\nprofile-for = { latncy = \"cpu\" }",
            "sub/optiloop.toml:3: unknown key `profile-for.latncy`, did you mean `profile-for.latency`?",
        ),
        ("zzz = 1", "sub/optiloop.toml:1: unknown key `zzz`"),
        ("max-files = 0", "sub/optiloop.toml:1: `max-files` = 0: a whole number above 0 is wanted"),
        (
            "guards = \"some\"",
            "sub/optiloop.toml:1: `guards` = \"some\": one of \"no-regression\", \"clean\" is wanted",
        ),
        (
            "tests-edited = \"allow\"",
            "sub/optiloop.toml:1: `tests-edited` = \"allow\": one of \"hold\", \"block\" is wanted",
        ),
    ] {
        assert_eq!(refusal(text), expected);
    }
    assert!(refusal("a = 1\nmin-effect = = 3").starts_with("sub/optiloop.toml:2: not TOML: "));
    assert!(
        refusal("min-effect = 5\nmin-effect = 6").starts_with("sub/optiloop.toml:2: not TOML: duplicate key")
    );
}

#[test]
fn a_policy_is_journalled_whole_and_comes_back_equal() {
    let policy =
        combine([committed("preset = \"strict\"\nprotected = [\"a\"]"), flag("min-effect", "10%")]).unwrap();
    let json = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<Policy>(&json).unwrap(), policy);
}

#[test]
fn the_order_of_sources_changes_nothing_but_ties() {
    let voices = [
        committed("min-effect = 5\nguards = \"clean\""),
        says(&file("sub/optiloop.toml", Committed::Yes), "min-effect = 6"),
        flag("min-effect", "8%"),
    ];
    let forward = combine(voices.clone()).unwrap();
    let backward = combine(voices.into_iter().rev()).unwrap();
    assert_eq!(forward, backward);
}
