//! Tests of what drivers print and leave, and what the tests of every driven harness share.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::*;
use crate::bench::Harness;
use crate::model::plan::BenchPlan;

/// What a harness makes of the file a launch of `case` left: the value, or the error's text.
pub(crate) fn told(
    harness: &dyn Harness,
    plan: &BenchPlan,
    (case, left): (&str, &[u8]),
) -> Result<(f64, Option<u64>), String> {
    let results: BTreeMap<PathBuf, Vec<u8>> = [(PathBuf::from(FILE), left.to_vec())].into();
    let printed = Printed { stdout: b"", stderr: b"", results: &results };
    let told = harness.parse(plan, &BenchmarkId::new(case), printed).map_err(|error| error.to_string())?;
    assert_eq!((told.len(), told[0].benchmark.as_str()), (1, case));
    Ok((told[0].value.unwrap(), told[0].iterations))
}

/// Cuts a real file everywhere, puts two into one another, and changes single bytes: never a panic, never a value
/// that is no cost; a file that is cut never gives one.
pub(crate) fn survives(harness: &dyn Harness, plan: &BenchPlan, (case, real): (&str, &[u8])) {
    let reader = harness.name();
    told(harness, plan, (case, real)).unwrap();
    let whole = real.trim_ascii_end().len();
    for cut in (0..whole).step_by(1 + whole / 500) {
        let error = told(harness, plan, (case, &real[..cut])).unwrap_err();
        assert!(error.starts_with(&format!("{reader}: line ")), "{error}");
        let mut two = real[..cut].to_vec();
        two.extend(real);
        two.extend(&real[cut..]);
        // Where a list of anything may stand, a whole file may stand as well.
        if let Ok((value, _)) = told(harness, plan, (case, &two)) {
            assert!(value.is_finite() && value > 0.0, "{value}");
        }
        for byte in [b'0', b'-', b'"', b'}', 0xff] {
            let mut changed = real.to_vec();
            changed[cut] = byte;
            if let Ok((value, _)) = told(harness, plan, (case, &changed)) {
                assert!(value.is_finite() && value > 0.0, "{value}");
            }
        }
    }
    let said = Printed::text(b"said on stdout", b"");
    let error = harness.parse(plan, &BenchmarkId::new(case), said).unwrap_err().to_string();
    let expected = format!(
        "{reader}: the whole output: no result of {case}: it was skipped, or there is none of this name: \"said on stdout\""
    );
    assert_eq!(error, expected);
}

/// The names in what was printed, joined by blanks.
pub(crate) fn listed(harness: &dyn Harness, plan: &BenchPlan, stdout: &str) -> Result<Vec<String>, String> {
    let printed = Printed::text(stdout.as_bytes(), b"");
    let names = harness.read_discovery(plan, &[printed]).map_err(|error| error.to_string())?;
    Ok(names.iter().map(ToString::to_string).collect())
}

/// A plan of these programs.
pub(crate) fn plan(harness: &str, programs: &[&str]) -> BenchPlan {
    BenchPlan {
        harness: harness.to_owned(),
        programs: programs.iter().map(ToString::to_string).collect(),
        ..BenchPlan::default()
    }
}

#[test]
fn names_are_read_between_what_a_project_prints() {
    let names = |stdout: &str| names("tool", "tool: ", stdout.as_bytes()).map_err(|error| error.to_string());
    assert_eq!(
        names("hello\ntool: \"a > b\"\nx tool: \"y\"\ntool: \"c\"\n"),
        Ok(vec!["a > b".into(), "c".into()])
    );
    let error = names("hello\ntool: \"a").unwrap_err();
    assert!(error.starts_with("tool: line 2: not the name of a benchmark: "), "{error}");
    let error = names("tool: \"a\"\ntool: \"a\"\n").unwrap_err();
    assert!(error.starts_with("tool: line 2: two benchmarks of one name"), "{error}");
}

#[test]
fn what_a_file_lacks_is_said_with_its_line() {
    #[derive(Debug, serde::Deserialize)]
    struct Wanted {
        _a: f64,
    }
    let results: BTreeMap<PathBuf, Vec<u8>> =
        [(PathBuf::from(FILE), b"{\n \"_a\": \"x\"\n}".to_vec())].into();
    let printed = Printed { stdout: b"", stderr: b"", results: &results };
    let error = result::<Wanted>("tool", "case", printed).unwrap_err().to_string();
    assert!(error.starts_with("tool: line 2: told.json is not what was expected: invalid type"), "{error}");
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_a_listing_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
        let mut stdout = b"tool: ".to_vec();
        stdout.extend(bytes);
        let _ = names("tool", "tool: ", &stdout);
    }

    #[test]
    fn no_number_that_is_no_cost_becomes_one(value in proptest::num::f64::ANY) {
        if let Ok(cost) = cost("tool", value, 1e9) {
            proptest::prop_assert!(cost.is_finite() && cost > 0.0);
        }
    }
}
