//! The reader sentence by sentence: what compiles, what must not, and fenced blocks with their lines.

use super::{File, Reading, read};
use crate::policy::origin::{Committed, Origin};
use crate::policy::resolve::{Overriding, resolve};

fn reading(text: &str) -> Reading {
    read(&[File { path: "AGENTS.md", text, committed: Committed::Yes }]).unwrap()
}

/// What a text states, as `key = value` in the order of the policy.
fn stated(text: &str) -> String {
    let policy = resolve(reading(text).voices, Overriding::Refused).unwrap();
    let mut stated = Vec::new();
    let mut take = |key: &str, value: String, origin: &Origin| {
        if matches!(origin, Origin::AgentsMd { .. }) {
            stated.push(format!("{key}={value}"));
        }
    };
    take("effect", policy.min_effect.value.to_string(), &policy.min_effect.origin);
    take("measure", policy.measure_first.value.to_string(), &policy.measure_first.origin);
    take("latency", policy.profile_latency.value.to_string(), &policy.profile_latency.origin);
    take("memory", policy.profile_memory.value.to_string(), &policy.profile_memory.origin);
    take("contention", policy.profile_contention.value.to_string(), &policy.profile_contention.origin);
    take("commit", policy.one_commit.value.to_string(), &policy.one_commit.origin);
    take("suite", policy.full_suite.value.to_string(), &policy.full_suite.origin);
    for glob in &policy.benchmarks {
        take("bench", glob.value.clone(), &glob.origin);
    }
    stated.join(" ")
}

#[test]
fn rules_in_many_words_compile_to_their_values() {
    let misses: Vec<String> = [
        ("Reject any optimisation that improves the metric by less than 3 %.", "effect=3 %"),
        ("Optimisations below 4% improvement are reverted.", "effect=4 %"),
        ("Keep a change only if it makes the benchmark at least 10 percent faster.", "effect=10 %"),
        ("Never merge a speedup of less than 5%.", "effect=5 %"),
        ("An optimisation must improve the target metric by at least 7%.", "effect=7 %"),
        ("Do not accept performance changes unless they gain at least 6%.", "effect=6 %"),
        ("Drop patches that do not reach a 2.5% improvement.", "effect=2.5 %"),
        ("Only land speedups ≥ 8%.", "effect=8 %"),
        ("Measure before you optimise.", "measure=true"),
        ("Do not change hot code unless a profile shows that it is hot.", "measure=true"),
        ("Never optimise without a profile.", "measure=true"),
        ("Record a baseline profile before editing hot code.", "measure=true"),
        ("No optimisation without a measurement.", "measure=true"),
        ("Each performance fix goes into its own commit.", "commit=true"),
        ("Commit every optimisation separately.", "commit=true"),
        ("Never bundle several optimisations in one commit.", "commit=true"),
        ("Run the whole test suite after each optimisation.", "suite=true"),
        ("All tests must pass after every performance change.", "suite=true"),
        ("Optimisations that break tests are rejected.", "suite=true"),
        ("Never keep an optimisation that fails a test.", "suite=true"),
        ("Use CPU profiles for latency and heap profiles for memory.", "latency=cpu memory=heap"),
        ("When hunting contention, use a mutex profile.", "contention=mutex"),
        ("Benchmarks live in `perf/bench/`.", "bench=perf/bench/"),
        ("Do not touch the benchmarks in `benches/`.", "bench=benches/"),
        ("The benchmark files `*_bench_test.go` are off limits.", "bench=*_bench_test.go"),
    ]
    .into_iter()
    .filter(|(text, expected)| stated(text) != *expected)
    .map(|(text, expected)| format!("{text} gives {:?}, states {expected:?}", stated(text)))
    .collect();
    assert!(misses.is_empty(), "{misses:#?}");
}

#[test]
fn what_is_no_rule_of_today_does_not_compile() {
    let caught: Vec<String> = [
        "We once rejected optimisations with less than 5 % improvement.",
        "Last year we rejected every change below 5% improvement.",
        "The old team kept only changes with at least 5% improvement.",
        "We do not reject changes that show less than 5% improvement.",
        "Changes below 5% improvement are not rejected.",
        "You do not need to reject changes below 5% improvement.",
        "You may reject changes that show less than 5% improvement.",
        "Should we reject changes that show less than 5% improvement?",
        "Maybe reject changes that show less than 5% improvement.",
        "We plan to reject changes below 5% improvement.",
        "If we had a quiet machine, we would reject changes below 5% improvement.",
        "A blog says to reject changes below 5% improvement.",
        "\"Reject changes below 5% improvement\" is a rule other teams have.",
        "For example, reject changes below 5% improvement.",
        "Reject changes that lower coverage by more than 5%.",
        "Reject changes that regress other benchmarks by more than 3%.",
        "Reject improvements above 50%, they are measurement errors.",
        "Reject changes below 5% improvement unless they simplify the code.",
        "Run all tests after each optimisation unless they are slow.",
        "Each optimisation gets its own commit unless it is small.",
        "Measure before optimising unless the win is obvious.",
        "Ideally, each optimisation gets its own commit.",
        "In 2023 each optimisation was its own commit.",
        "Each optimisation no longer needs its own commit.",
        "You can run the full test suite after every optimisation.",
        "There is no need to run the full test suite after every optimisation.",
        "Do not run the full test suite after every optimisation.",
        "The nightly job runs the full test suite for every optimisation.",
        "Never run all tests after each optimisation, they take an hour.",
        "We ran the full test suite after every optimisation.",
        "They run the full test suite after every optimisation.",
        "Do not use heap profiles for latency work.",
        "Heap profiles were used for latency work.",
        "A CPU profile can be useful for latency work.",
        "CPU and heap profiles for latency and memory.",
        "It is fine to delete benchmarks in `benches/`.",
        "Delete benchmarks in `benches/` that are flaky.",
        "Benchmarks lived in `benches/` until they moved.",
        "Add new benchmarks to `benches/`.",
        "We could collect a baseline profile before optimising.",
        "It is not necessary to collect a baseline profile before optimising.",
        "Collecting a baseline profile before an optimisation was too slow.",
        "Feel free to measure before changing things.",
        "Some people measure before optimising.",
        "> Reject changes that show < 5% improvement on the target metric.",
        "```\nReject changes that show < 5% improvement on the target metric.\n```",
        "    Reject changes that show < 5% improvement on the target metric.",
        "<!-- Reject changes that show < 5% improvement on the target metric. -->",
        "~~Reject changes that show < 5% improvement on the target metric.~~",
        "## History\n\n- Reject changes that show < 5% improvement on the target metric.",
        "## Example rules\n\n- Run the full test suite after every optimisation.",
        "Another project has these rules, we used to follow them:\n\n- Never optimise without a profile.\n- Commit every optimisation separately.",
        "- [ ] TODO: run the full test suite after every optimisation",
    ]
    .into_iter()
    .filter(|text| !stated(text).is_empty() || !reading(text).compiled.is_empty())
    .map(|text| format!("{text} gives {:?}", stated(text)))
    .collect();
    assert!(caught.is_empty(), "{caught:#?}");
}

#[test]
fn what_does_not_compile_is_advice_with_its_line() {
    let reading =
        reading("# Notes\n\nHello.\n\n- Prefer arenas where\n  allocation is hot. Keep names short.\n");
    let advice: Vec<String> =
        reading.advice.iter().map(|quote| format!("{} {}", quote.place, quote.sentence)).collect();
    assert_eq!(
        advice,
        ["AGENTS.md:5 Prefer arenas where allocation is hot.", "AGENTS.md:6 Keep names short."]
    );
    assert!(reading.compiled.is_empty());
}

#[test]
fn a_fenced_block_is_policy_with_the_lines_of_its_file() {
    let text = "# A\n\n```toml optiloop\nmin-effect = 8\n\nguards = \"clean\"\n```\n\n```toml\nmin-effect = 50\n```\n";
    let policy = resolve(reading(text).voices, Overriding::Refused).unwrap();
    assert_eq!(policy.min_effect.value.to_string(), "8 %");
    assert_eq!(policy.min_effect.origin.to_string(), "AGENTS.md:4");
    assert_eq!(policy.guards.origin.to_string(), "AGENTS.md:6");
    let headed = "```toml optiloop\n[policy]\npreset = \"strict\"\n```\n";
    let policy = resolve(reading(headed).voices, Overriding::Refused).unwrap();
    assert_eq!(policy.guards.origin.to_string(), "preset strict (AGENTS.md:3)");
}

#[test]
fn a_broken_fenced_block_is_an_error_at_its_line() {
    let text = "# A\n\n```toml optiloop\nmin-efect = 8\n```\n";
    let error = read(&[File { path: "sub/AGENTS.md", text, committed: Committed::Yes }]).unwrap_err();
    assert_eq!(error.to_string(), "sub/AGENTS.md:4: unknown key `min-efect`, did you mean `min-effect`?");
}

#[test]
fn files_from_the_root_down_combine_and_globs_stand_where_they_are_said() {
    let rule = "Reject optimisations with less than 5% improvement. Never edit benchmarks in `benches/`.\n";
    let stricter = rule.replace('5', "9");
    let file = |path, text| File { path, text, committed: Committed::Yes };
    let reading = read(&[file("AGENTS.md", rule), file("crates/a/AGENTS.md", &stricter)]).unwrap();
    let policy = resolve(reading.voices, Overriding::Refused).unwrap();
    assert_eq!(policy.min_effect.origin.to_string(), "crates/a/AGENTS.md:1");
    let globs: Vec<&str> = policy.benchmarks.iter().map(|said| said.value.as_str()).collect();
    assert_eq!(globs, ["benches/", "crates/a/**/benches/"]);
}

#[test]
fn rules_that_contradict_each_other_name_both_lines() {
    let text = "Use CPU profiles for latency work.\n\nUse heap profiles for latency work.\n";
    let error = resolve(reading(text).voices, Overriding::Refused).unwrap_err();
    assert!(
        error.to_string().contains("AGENTS.md:1") && error.to_string().contains("AGENTS.md:3"),
        "{error}"
    );
}

#[test]
fn any_text_is_read_without_a_panic() {
    let pieces = [
        "`",
        "~~",
        "**",
        "(",
        ")",
        "|",
        "\"",
        "“",
        "% ",
        "5",
        "<",
        "§",
        "é",
        "\n",
        "# ",
        "- ",
        ":",
        "once ",
        "```toml optiloop\n",
    ];
    for seed in 0..4000_usize {
        let mut state = seed.wrapping_mul(2_654_435_761);
        let mut text = String::new();
        for _ in 0..24 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[(state >> 33) % pieces.len()]);
        }
        // An error is an answer too.
        drop(read(&[File { path: "AGENTS.md", text: &text, committed: Committed::No }]));
    }
}
