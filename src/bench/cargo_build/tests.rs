//! Cargo's messages and terse lists, real and spoiled.

use proptest::prelude::*;

use super::*;
use crate::bench::hostile::hostile;

const BENCHES: Cargo = Cargo { harness: "criterion", targets: Targets::Benches };
const TESTED: Cargo = Cargo { harness: "libtest", targets: Targets::Tested };
const CRITERION: &[u8] = include_bytes!("../../../tests/data/bench/criterion/build.json");
const LIBTEST: &[u8] = include_bytes!("../../../tests/data/bench/libtest/build.json");

fn plan(package: &str, programs: &[&str]) -> BenchPlan {
    let programs = programs.iter().map(ToString::to_string).collect();
    BenchPlan { package: PathBuf::from(package), programs, ..BenchPlan::default() }
}

fn placed(cargo: &Cargo, plan: &BenchPlan, stdout: &[u8]) -> Result<Vec<String>, String> {
    let output = Output::whole(stdout);
    let placed = cargo.place(plan, &[&Output::default(), &output]).map_err(|error| error.to_string())?;
    let told = |Placed { from, to }| {
        let hash = from.file_name().unwrap_or_default().to_string_lossy().len();
        format!("{}/…{hash} → {}", from.parent().unwrap_or(&from).display(), to.display())
    };
    Ok(placed.into_iter().map(told).collect())
}

#[test]
fn builds_are_of_the_programs_in_the_benchmarks_own_profile_with_lines() {
    let commands = |cargo: &Cargo, plan: &BenchPlan| -> Vec<String> {
        cargo.build(plan).iter().map(|command| command.argv.join(" ")).collect()
    };
    insta::assert_debug_snapshot!(commands(&BENCHES, &plan("", &[])), @r#"
    [
        "rm -rf .optiloop/bench",
        "cargo bench --no-run --benches --message-format=json-render-diagnostics",
    ]
    "#);
    assert_eq!(
        commands(&BENCHES, &plan("crates/a", &["x", "y"])),
        [
            "rm -rf crates/a/.optiloop/bench",
            "cargo bench --no-run --manifest-path crates/a/Cargo.toml --bench x --bench y --message-format=json-render-diagnostics"
        ]
    );
    assert!(commands(&BENCHES, &plan("", &["x"]))[1].contains("--workspace --bench x"));
    assert!(commands(&TESTED, &plan("", &["x"]))[1].contains("--workspace --benches"));
    let own = BenchPlan {
        build: vec![CommandSpec::new(["cargo", "build", "--benches", "--", "x"])],
        ..plan("", &[])
    };
    assert_eq!(
        commands(&BENCHES, &own)[1],
        "cargo build --benches --message-format=json-render-diagnostics -- x"
    );
    assert_eq!(BENCHES.build(&own)[1].env["CARGO_PROFILE_BENCH_DEBUG"], "line-tables-only");
}

#[test]
fn programs_are_put_where_launches_expect_them() {
    let here = plan("", &[]);
    assert_eq!(
        placed(&BENCHES, &here, CRITERION).unwrap(),
        ["/sample/criterion/target/release/deps/…22 → .optiloop/bench/steps"]
    );
    // libtest's benchmarks may lie in the library as well.
    assert_eq!(
        placed(&TESTED, &plan("a", &[]), LIBTEST).unwrap(),
        [
            "/sample/libtest/target/release/deps/…22 → a/.optiloop/bench/steps",
            "/sample/libtest/target/release/deps/…21 → a/.optiloop/bench/work"
        ]
    );
    assert_eq!(placed(&TESTED, &plan("", &["work"]), LIBTEST).unwrap().len(), 1);
    let named = plan("crates/a", &["steps"]);
    let artifacts = Cargo::artifacts(&named);
    assert_eq!(artifacts, ["crates/a/.optiloop/bench/steps", "crates/a/benches"].map(PathBuf::from));
}

#[test]
fn what_the_build_does_not_tell_is_an_error_that_says_what_it_told() {
    let message = placed(&BENCHES, &plan("", &["parse"]), CRITERION).unwrap_err();
    assert_eq!(message, "criterion: the whole output: cargo built no benchmark program parse; it built");
    let cut = &CRITERION[..CRITERION.len() - 200];
    assert!(
        placed(&BENCHES, &plan("", &[]), cut).unwrap_err().contains("line 2: not a message of cargo: EOF")
    );
    let other =
        String::from_utf8_lossy(CRITERION).replace("/sample/criterion/target", "/sample/other/target");
    let two = [CRITERION, other.as_bytes()].concat();
    assert!(
        placed(&BENCHES, &plan("", &[]), &two)
            .unwrap_err()
            .contains("two packages have a bench target steps")
    );
    let outside = String::from_utf8_lossy(CRITERION).replace("\"steps\"", "\"../steps\"");
    assert!(
        placed(&BENCHES, &plan("", &[]), outside.as_bytes())
            .unwrap_err()
            .contains("not the name of a target")
    );
}

#[test]
fn programs_that_config_does_not_name_are_listed_by_a_shell_and_stand_in_every_name() {
    let plan = plan("a", &[]);
    let [ask] = Cargo::listing(&plan, &["--list"]).try_into().unwrap();
    assert_eq!((ask.argv[3..].join(" "), ask.folder.to_str()), ("sh --list".to_owned(), Some("a")));
    let printed =
        b"optiloop program one-two\none_two::parse: benchmark\noptiloop program b\nx::y: bench\nz: test\n";
    let names = BENCHES.read_listing(&plan, &[printed]).unwrap();
    assert_eq!(names, ["one-two::parse", "b::x::y"].map(BenchmarkId::new));
    let program = BENCHES.launch(&plan, &names[1]).unwrap();
    assert_eq!(
        (program.name, program.own, program.command.argv),
        ("b", "x::y", vec!["./.optiloop/bench/b".to_owned()])
    );
    assert!(BENCHES.launch(&plan, &BenchmarkId::new("x")).is_err());
}

#[test]
fn a_list_without_benchmarks_is_an_error() {
    let none = BENCHES.read_listing(&plan("", &["a"]), &[b"x: test\n"]).unwrap_err().to_string();
    assert_eq!(
        none,
        "criterion: the whole output: no benchmark was listed: has the package any of criterion?: \"x: test\\n\""
    );
}

proptest! {
    #[test]
    fn no_messages_make_it_panic_or_place_a_program_outside(stdout in hostile(&[CRITERION, LIBTEST])) {
        for placed in TESTED.place(&plan("", &[]), &[&Output::whole(stdout)]).unwrap_or_default() {
            prop_assert!(placed.to.starts_with(FOLDER) && placed.to.components().count() == 3);
        }
    }
}
