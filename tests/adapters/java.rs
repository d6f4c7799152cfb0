//! JMH and Maven, built offline from the packages that `.ci/tools` fetched.

use std::path::{Path, PathBuf};

use optiloop::bench;
use optiloop::model::id::{BenchmarkId, TestId};
use optiloop::model::plan::BenchPlan;
use optiloop::model::tests::SuiteEnd;
use optiloop::suite;

use crate::world::{built, edit, has, launched, listed, perform, program, succeeded, suite_plan};

#[test]
fn jmh_benchmarks_are_built_listed_and_launched_with_exactly_the_invocations_asked_for() {
    let name = "jmh_benchmarks_are_built_listed_and_launched_with_exactly_the_invocations_asked_for";
    if !has(name, &["java", "--version"]) || !has(name, &["mvn", "--version"]) {
        return;
    }
    let folder = program("jmh");
    let (work, neutral) = (folder.path().join("work"), folder.path().join("base"));
    let (plan, harness) =
        (BenchPlan { harness: "jmh".to_owned(), ..BenchPlan::default() }, bench::find("jmh").unwrap());
    built(harness, &plan, &work, &neutral);
    let benchmarks = listed(harness, &plan, &work);
    let [lower, mix] = ["sample.WorkBenchmark.lower", "sample.WorkBenchmark.mix"].map(BenchmarkId::new);
    assert_eq!(benchmarks, [lower.clone(), mix.clone()]);

    let before = launched(harness, &plan, &mix, 1003, &neutral);
    assert_eq!((before.len(), &before[0].benchmark, before[0].iterations), (1, &mix, Some(1003)));
    let asked = succeeded(&work, &harness.members(&plan, &lower).unwrap());
    let group = harness.parse(&plan, &lower, bench::Printed::of(&asked)).unwrap();
    assert_eq!(group.len(), 2);
    for member in group {
        let told = launched(harness, &plan, &member.benchmark, 7, &neutral);
        assert_eq!((told.len(), &told[0].benchmark, told[0].iterations), (1, &member.benchmark, Some(7)));
    }

    // A tenth of the work, which no noise hides.
    edit(&work.join("src/main/java/sample/Work.java"), "STEPS = 100000", "STEPS = 10000");
    let faster = folder.path().join("cand");
    built(harness, &plan, &work, &faster);
    let after = launched(harness, &plan, &mix, 1003, &faster);
    assert!(after[0].value.unwrap() < 0.5 * before[0].value.unwrap(), "{before:?} {after:?}");

    let allocated = BenchPlan { metric: Some("allocated-bytes".to_owned()), ..plan };
    let case = BenchmarkId::new("sample.WorkBenchmark.lower(word=A Longer Word)");
    let bytes = launched(harness, &allocated, &case, 200_000, &neutral)[0].value.unwrap();
    assert!((40.0..400.0).contains(&bytes), "{bytes}");
}

#[test]
fn maven_tests_are_told_by_class_and_method_and_near_ones_by_the_class_that_changed() {
    let name = "maven_tests_are_told_by_class_and_method_and_near_ones_by_the_class_that_changed";
    if !has(name, &["java", "--version"]) || !has(name, &["mvn", "--version"]) {
        return;
    }
    let folder = program("jmh");
    let work = folder.path().join("work");
    let (plan, suite) = (suite_plan("maven"), suite::find("maven").unwrap());
    let full = suite.parse(&perform(&work, &suite.full(&plan).unwrap())).unwrap();
    assert_eq!((full.end, full.tests.len()), (SuiteEnd::Passed, 5));
    let file = PathBuf::from("src/main/java/sample/Work.java");
    edit(&work.join(&file), "return word.toLowerCase(java.util.Locale.ROOT)", "return word");
    let near = suite.near(&plan, &[Path::new(&file)]).unwrap();
    let failed = suite.parse(&perform(&work, &near)).unwrap();
    assert_eq!(failed.end, SuiteEnd::Failed);
    assert!(
        failed.failed().contains(&TestId::new("sample.WorkTest#wordsAreLowered(String)[1]")),
        "{failed:?}"
    );
    edit(&work.join(&file), "return word;", "return wird;");
    let not_built = suite.parse(&perform(&work, &suite.full(&plan).unwrap())).unwrap();
    assert_eq!((not_built.end, not_built.tests.len()), (SuiteEnd::NotBuilt, 0));
}
