//! Go's harness, suite and collector.

use std::path::{Path, PathBuf};

use optiloop::bench::{self, Printed};
use optiloop::model::bench::Iterations;
use optiloop::model::command::Exit;
use optiloop::model::id::{BenchmarkId, TestId};
use optiloop::model::plan::BenchPlan;
use optiloop::model::tests::SuiteEnd;
use optiloop::profile::change::{self, PerWork};
use optiloop::profile::hotspots;
use optiloop::profile::project::Project;
use optiloop::suite;

use crate::world::{built, captured, edit, has, launched, listed, perform, program, succeeded, suite_plan};

fn go_plan() -> BenchPlan {
    BenchPlan { harness: "go_test".to_owned(), package: PathBuf::from("text"), ..BenchPlan::default() }
}

#[test]
fn go_benchmarks_are_built_listed_launched_and_profiled() {
    if !has("go_benchmarks_are_built_listed_launched_and_profiled", &["go", "version"]) {
        return;
    }
    let folder = program("go");
    let (work, neutral) = (folder.path().join("work"), folder.path().join("base"));
    let (plan, harness) = (go_plan(), bench::find("go_test").unwrap());
    built(harness, &plan, &work, &neutral);

    let benchmarks = listed(harness, &plan, &work);
    let targets = bench::resolve::resolve("count", &benchmarks, Vec::new).unwrap();
    assert_eq!(targets, [BenchmarkId::new("BenchmarkCount")]);

    let told = launched(harness, &plan, &targets[0], 40, &neutral);
    assert_eq!((told.len(), &told[0].benchmark, told[0].iterations), (1, &targets[0], Some(40)));
    let depth = BenchmarkId::new("BenchmarkDepth");
    let asked = succeeded(&work, &harness.members(&plan, &depth).unwrap());
    let group = harness.parse(&plan, &depth, Printed::of(&asked)).unwrap();
    assert_eq!(group.len(), 3);
    for member in group {
        let told = launched(harness, &plan, &member.benchmark, 7, &neutral);
        assert_eq!((told.len(), &told[0].benchmark, told[0].iterations), (1, &member.benchmark, Some(7)));
    }

    // The same benchmark once more, made faster: the profile tells what changed and where.
    let n = 8000;
    let launch = harness.launch(&plan, &targets[0], Iterations(n)).unwrap();
    let project = Project::new(["example.com/sample"], []);
    let before = captured("go_pprof", &launch, &neutral).profile;
    let found = hotspots::find(&before, &project, 3);
    let names: Vec<&str> = found.hotspots.iter().map(|hotspot| hotspot.name.as_str()).collect();
    assert_eq!(names, ["example.com/sample/text.Count", "example.com/sample/text.normalise"]);
    assert!(found.hotspots[1].bound > 0.3, "{:?}", found.hotspots[1]);
    let file = work.join("text/text.go");
    edit(
        &file,
        "\tout := \"\"\n\tfor _, r := range word {\n\t\tout += strings.ToLower(string(r))\n\t}\n\treturn out",
        "\treturn strings.ToLower(word)",
    );
    let faster = folder.path().join("cand");
    built(harness, &plan, &work, &faster);
    let after = captured("go_pprof", &launch, &faster).profile;
    #[expect(clippy::cast_precision_loss, reason = "8000")]
    let work_done = n as f64;
    let (before, after) =
        (PerWork { profile: &before, work: work_done }, PerWork { profile: &after, work: work_done });
    let change = change::compare(before, after, &project, &["text/text.go"]).unwrap();
    assert!(change.total.is_change() && change.total.change() < 0.0, "{:?}", change.notes());
    assert!(
        change.functions.iter().any(|(name, _)| name.ends_with("text.normalise")),
        "{:?}",
        change.notes()
    );
}

#[test]
fn a_go_benchmark_that_fails_is_no_value() {
    if !has("a_go_benchmark_that_fails_is_no_value", &["go", "version"]) {
        return;
    }
    let folder = program("go");
    let (work, neutral) = (folder.path().join("work"), folder.path().join("base"));
    let (plan, harness) = (go_plan(), bench::find("go_test").unwrap());
    built(harness, &plan, &work, &neutral);
    for (case, env, code) in
        [("BenchmarkFails", "FAIL", 1), ("BenchmarkPanics", "FAIL", 2), ("BenchmarkFails", "X", 0)]
    {
        let case = BenchmarkId::new(case);
        let launch = harness.launch(&plan, &case, Iterations(3)).unwrap().with_env(env, "1");
        let finished = perform(&neutral, &launch);
        assert_eq!(finished.exit, Exit::Code(code), "{case}");
        assert!(harness.parse(&plan, &case, Printed::of(&finished)).is_err(), "{case}");
    }
}

#[test]
fn go_tests_are_told_by_id_and_near_ones_are_the_changed_package() {
    if !has("go_tests_are_told_by_id_and_near_ones_are_the_changed_package", &["go", "version"]) {
        return;
    }
    let folder = program("go");
    let work = folder.path().join("work");
    let (plan, suite) = (suite_plan("go_test"), suite::find("go_test").unwrap());
    let full = suite.parse(&perform(&work, &suite.full(&plan).unwrap())).unwrap();
    assert_eq!((full.end, full.tests.len()), (SuiteEnd::Passed, 6));
    let near = suite.near(&plan, &[Path::new("text/text.go")]).unwrap();
    assert_eq!(suite.parse(&perform(&work, &near)).unwrap(), full);
    edit(&work.join("text/text.go"), "counts[normalise(word)]++", "counts[word]++");
    let failed = suite.parse(&perform(&work, &near)).unwrap();
    assert_eq!(
        (failed.end, failed.failed()),
        (SuiteEnd::Failed, vec![TestId::new("example.com/sample/text.TestCount")])
    );
}
