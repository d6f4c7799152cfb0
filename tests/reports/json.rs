//! The lines of `--json` against `schema/records.schema.json`, kept by hand and held here to what is printed.

use std::collections::BTreeSet;

use optiloop::app::reporter::Stamped;
use optiloop::app::reporter::json_lines::record;
use optiloop::app::reporter::progress::Progress;
use optiloop::engine::record::{Entry, Record};
use optiloop::journal::Seq;
use optiloop::model::id::{Iteration, RunId};
use serde_json::Value;

use super::sample::entries;

const SCHEMA: &str = include_str!("../../schema/records.schema.json");

fn schema() -> Value {
    serde_json::from_str(SCHEMA).expect("the schema is JSON")
}

/// Every record kind of a run, and those that only people cause.
fn lines() -> Vec<Value> {
    let mut entries = entries();
    let by_people = [
        Record::Hinted { text: "look there".to_owned() },
        Record::AcceptAsked { iteration: Iteration(5), by: "a person".to_owned() },
        Record::Interrupted { by: "a signal".to_owned() },
    ];
    entries.extend(by_people.map(|record| Entry { took: std::time::Duration::ZERO, record }));
    let run = RunId::new("simulated");
    let stamped = (1..).zip(&entries).map(|(seq, entry)| Stamped {
        seq: Seq(seq),
        at: jiff::Timestamp::UNIX_EPOCH,
        run: &run,
        entry,
    });
    stamped.map(|stamped| record(&stamped).expect("a record is JSON")).collect()
}

/// The required fields of a definition.
fn required(schema: &Value, definition: &str) -> BTreeSet<String> {
    let names =
        schema["$defs"][definition]["required"].as_array().unwrap_or_else(|| panic!("no {definition}"));
    names.iter().map(|name| name.as_str().expect("a name").to_owned()).collect()
}

fn check(schema: &Value, definition: &str, value: &Value) {
    let fields: BTreeSet<String> = value.as_object().expect("an object").keys().cloned().collect();
    let missing: Vec<String> = required(schema, definition).difference(&fields).cloned().collect();
    assert!(missing.is_empty(), "{definition} lacks {missing:?}: {value}");
}

#[test]
fn every_line_of_a_run_has_what_the_schema_demands() {
    let schema = schema();
    for line in lines() {
        check(&schema, "line", &line);
        let kind = line["record"]["record"].as_str().expect("a kind");
        check(&schema, kind, &line["record"]);
    }
}

#[test]
fn the_schema_names_every_kind_there_is_and_no_other() {
    let printed: BTreeSet<String> =
        lines().iter().map(|line| line["record"]["record"].as_str().expect("a kind").to_owned()).collect();
    let kinds = schema()["$defs"]["record"]["properties"]["record"]["enum"].clone();
    let named: BTreeSet<String> = serde_json::from_value(kinds).expect("a list of kinds");
    assert_eq!(named, printed);
}

#[test]
fn every_kind_of_progress_is_in_the_schema() {
    let shown = [
        Progress::StepStarted { step: "building".to_owned(), iteration: None },
        Progress::Waiting { why: "a lock".to_owned() },
        Progress::Price { text: "cheap".to_owned() },
        Progress::Warning { message: "careful".to_owned() },
    ];
    for progress in &shown {
        let value = serde_json::to_value(progress).expect("progress is JSON");
        assert_eq!(value["progress"], kind(progress));
    }
    let named = schema()["$defs"]["progress"]["properties"]["progress"]["enum"].clone();
    let named: BTreeSet<String> = serde_json::from_value(named).expect("a list of kinds");
    assert_eq!(named, PROGRESS.map(str::to_owned).into());
}

/// Every kind of [`kind`].
const PROGRESS: [&str; 6] = ["step_started", "pair", "agent", "waiting", "price", "warning"];

/// The build stops here at a new kind: it belongs into [`PROGRESS`] and the schema as well.
fn kind(progress: &Progress) -> &'static str {
    match progress {
        Progress::StepStarted { .. } => "step_started",
        Progress::Pair { .. } => "pair",
        Progress::Agent { .. } => "agent",
        Progress::Waiting { .. } => "waiting",
        Progress::Price { .. } => "price",
        Progress::Warning { .. } => "warning",
    }
}

#[test]
fn the_key_of_the_coins_is_not_printed() {
    let started = lines().into_iter().next().expect("a first line");
    assert_eq!(started["record"]["record"], "started");
    assert!(started["record"].get("key").is_none());
}
