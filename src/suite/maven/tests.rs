//! Captured reports and output of Maven.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::*;
use crate::model::command::Output;

const OUTER: &str = "TEST-sample.WorkTest.xml";
const INNER: &str = "TEST-sample.WorkTest$Inner.xml";

macro_rules! captured {
    ($name:literal) => {
        include_str!(concat!("../../../tests/data/suite/maven/", $name))
    };
}

fn ended(code: i32, stdout: &str, reports: &[(&str, &str)]) -> Finished {
    let results: BTreeMap<PathBuf, Vec<u8>> = (reports.iter())
        .map(|(name, text)| (Path::new("target/surefire-reports").join(name), text.as_bytes().to_vec()))
        .collect();
    Finished { results, ..Finished::ended(Exit::Code(code), Output::whole(stdout), Output::default()) }
}

#[test]
fn reports_become_tests_by_class_and_method() {
    let reports = [
        (OUTER, captured!("passed/TEST-sample.WorkTest.xml")),
        (INNER, captured!("passed/TEST-sample.WorkTest$Inner.xml")),
    ];
    let outcome = Maven.parse(&ended(0, captured!("passed.txt"), &reports)).unwrap();
    let told: Vec<(&str, TestEnd)> = outcome.tests.iter().map(|(id, end)| (id.as_str(), *end)).collect();
    let expected = [
        ("sample.WorkTest#mixingGoesOn", TestEnd::Passed),
        ("sample.WorkTest#skipped", TestEnd::Skipped),
        ("sample.WorkTest#wordsAreLowered(String)[1]", TestEnd::Passed),
        ("sample.WorkTest#wordsAreLowered(String)[2]", TestEnd::Passed),
        ("sample.WorkTest$Inner#isFoundToo", TestEnd::Passed),
    ];
    assert_eq!((outcome.end, told), (SuiteEnd::Passed, expected.to_vec()));
}

#[test]
fn tests_that_fail_are_told_apart_from_sources_that_do_not_compile() {
    let reports = [
        (OUTER, captured!("failed/TEST-sample.WorkTest.xml")),
        (INNER, captured!("failed/TEST-sample.WorkTest$Inner.xml")),
    ];
    let failed = Maven.parse(&ended(1, captured!("failed.txt"), &reports)).unwrap();
    let names = ["sample.WorkTest#wordsAreLowered(String)[1]", "sample.WorkTest$Inner#isFoundToo"];
    assert_eq!((failed.end, failed.failed()), (SuiteEnd::Failed, names.map(TestId::new).to_vec()));
    let not_built = Maven.parse(&ended(1, captured!("not-built.txt"), &[])).unwrap();
    assert_eq!((not_built.end, not_built.tests.len()), (SuiteEnd::NotBuilt, 0));
    let broken = Maven.parse(&ended(1, "[ERROR] No plugin found\n", &[])).unwrap();
    assert_eq!(broken.end, SuiteEnd::Failed);
}

#[test]
fn a_report_that_is_cut_off_is_named() {
    let cut = captured!("passed/TEST-sample.WorkTest.xml").split_once("</testsuite>").unwrap().0;
    let error = Maven.parse(&ended(0, "", &[(OUTER, cut)])).unwrap_err().to_string();
    assert!(
        error.contains("target/surefire-reports/TEST-sample.WorkTest.xml: the report is cut off"),
        "{error}"
    );
}

#[test]
fn near_tests_are_those_that_carry_the_name_of_what_changed() {
    let plan = SuitePlan { suite: NAME.to_owned(), command: None, timeout: Duration::from_mins(1) };
    let near = Maven.near(&plan, &[Path::new("src/main/java/a/Work.java")]).unwrap();
    assert_eq!(
        near.argv.join(" "),
        "mvn -B -o -fae -Dtest=TestWork,WorkTest,WorkTests -DfailIfNoTests=false -Dsurefire.failIfNoSpecifiedTests=false test"
    );
    assert_eq!(near.takes, REPORTS);
    assert_eq!(Maven.near(&plan, &[Path::new("pom.xml")]), None);
    assert_eq!(Maven.full(&plan).unwrap().argv.join(" "), "mvn -B -o -fae test");
}
