//! What writers of reports have in common, and what is none: each with its line and the reason.

use proptest::prelude::*;

use super::*;

/// What several writers say, in one document.
const REPORT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="a" tests="6">
    <properties><property name="failure" value="x"/></properties>
    <testcase name="passes" classname="a.A" time="0.1"/>
    <testcase name="a&lt;b&gt; &quot;c&quot;&#10;" classname="a.A" file="a.py"><system-out><![CDATA[<failure/>]]></system-out></testcase>
    <testcase name="fails" classname="a.A">
      <failure message="no" type="x">at a.A &amp; more</failure>
    </testcase>
    <testcase name="breaks" classname="a.A"><error message="no"/></testcase>
    <testsuite name="inner"><testcase name="waits"><skipped/></testcase></testsuite>
    <testcase name="again" classname="a.A"><flakyFailure message="once"><error/></flakyFailure></testcase>
  </testsuite>
</testsuites>
"#;

fn told(text: &str) -> Vec<(String, TestEnd)> {
    let cases = cases("maven", text.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    cases.into_iter().map(|case| (format!("{}#{}", case.class, case.name), case.end)).collect()
}

#[test]
fn every_testcase_is_told_with_its_end_at_any_depth() {
    let told = told(REPORT);
    let expected = [
        ("a.A#passes", TestEnd::Passed),
        ("a.A#a<b> \"c\"\u{fffd}", TestEnd::Passed),
        ("a.A#fails", TestEnd::Failed),
        ("a.A#breaks", TestEnd::Failed),
        ("#waits", TestEnd::Skipped),
        ("a.A#again", TestEnd::Passed),
    ];
    assert_eq!(told, expected.map(|(id, end)| (id.to_owned(), end)));
}

#[test]
fn what_is_no_report_is_named_with_its_line_and_the_reason() {
    let deep = "<a>".repeat(100);
    for (text, line, reason) in [
        ("", 1, "0 reports where one is expected"),
        ("<a/>\n<a/>", 2, "2 reports where one is expected"),
        ("<a>\n<testcase classname=\"x\"/>\n</a>", 2, "a testcase without a name"),
        ("<a>\n<testcase name=\"x\"><testcase name=\"y\"/></testcase></a>", 2, "within a testcase"),
        ("<a>\n<testcase name=\"&lol;\"/></a>", 2, "lol"),
        ("<a>\n</b>", 2, "</b>"),
        ("<a>\n\n", 3, "cut off"),
        ("<!DOCTYPE a [<!ENTITY lol \"x\">]>\n<a/>", 1, "a report has no DTD"),
        ("[INFO] Tests run: 1\n<a/>", 1, "text outside of the report"),
        (&deep, 1, "nested too deep"),
    ] {
        let error = cases("maven", text.as_bytes()).unwrap_err();
        let said = error.to_string();
        assert!(said.contains(reason), "{text:?}: {said}");
        assert_eq!(error.at, crate::model::parse::Position::Line(line), "{text:?}: {said}");
    }
    let error = cases("maven", b"<a>\n\xff</a>").unwrap_err().to_string();
    assert_eq!(error, "maven: line 2: byte 4 is not UTF-8");
}

#[test]
fn a_hundred_thousand_attributes_cost_no_more_than_their_number() {
    let attributes: String = (0..100_000).map(|_| " name=\"x\"").collect();
    let text = format!("<a><testcase{attributes}/></a>");
    assert_eq!(told(&text), [("#x".to_owned(), TestEnd::Passed)]);
}

#[test]
fn of_several_ends_of_a_test_the_worst_stays() {
    let id = || TestId::new("a#b");
    let end = |ends: &[TestEnd]| self::ends(ends.iter().map(|end| (id(), *end)))[&id()];
    assert_eq!(end(&[TestEnd::Failed, TestEnd::Passed]), TestEnd::Failed);
    assert_eq!(end(&[TestEnd::Passed, TestEnd::Skipped]), TestEnd::Passed);
}

proptest! {
    #[test]
    fn a_report_cut_anywhere_is_an_error(at in 0..REPORT.trim_end().len()) {
        prop_assert!(cases("maven", &REPORT.as_bytes()[..at]).is_err());
    }

    #[test]
    fn foreign_bytes_anywhere_are_a_value_or_an_error(
        at in 0..REPORT.len(),
        noise in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut bytes = REPORT.as_bytes().to_vec();
        bytes.splice(at..at, noise);
        let _ = cases("maven", &bytes);
    }

    #[test]
    fn any_bytes_are_a_value_or_an_error(text in "[<>/a-c =\"'!\\[\\]&;?\n-]{0,200}") {
        let _ = cases("maven", text.as_bytes());
    }
}
