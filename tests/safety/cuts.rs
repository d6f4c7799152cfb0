//! A run killed at uniformly random milliseconds ends as one that was not, and pays nothing twice but the step that
//! was cut. `OPTILOOP_CUTS=60 cargo test --test safety killed -- --nocapture` makes as many cuts and prints each.

use std::fmt::Write as _;
use std::sync::Mutex;
use std::time::Duration;

use optiloop::engine::record::{BuildOutcome, Calibration, Entry, Prepared, Record};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

use super::project::{Project, RUN, Whole, code, said, whole};

/// Cuts where nobody asks for more.
const CUTS: usize = 6;
/// Runs at a time: they sleep most of the time.
const AT_ONCE: usize = 6;
/// What children tell the counter.
const PAID: [&str; 4] = ["launch", "suite", "build", "turn"];

/// What a step that was done to its end has started of this kind.
fn paid(record: &Record, what: &str) -> usize {
    match (what, record) {
        ("launch", Record::Calibrated(Calibration::Ready { benchmarks, .. })) => {
            let launches = |of: &optiloop::engine::record::Calibrated| {
                assert_eq!(of.work.batch, 1, "the benchmark sleeps long enough to be launched alone");
                1 + of.readings.len()
            };
            benchmarks.iter().map(launches).sum()
        }
        ("launch", Record::Measured(measured)) => 2 * measured.pairs.len() + measured.discarded.len(),
        ("suite", Record::Prepared(Prepared::Sound { suites, .. })) => 2 * suites.len(),
        ("suite", Record::Tested(_)) | ("build", Record::Prepared(_)) | ("turn", Record::Proposed(_)) => 1,
        ("build", Record::Built(built)) => match built.outcome {
            BuildOutcome::Ready { .. } => 2,
            _ => 1,
        },
        _ => 0,
    }
}

fn all_paid(records: &[Entry], what: &str) -> usize {
    records.iter().map(|entry| paid(&entry.record, what)).sum()
}

fn counted(project: &Project, what: &str) -> usize {
    usize::try_from(project.counter.of(what)).unwrap()
}

#[test]
fn what_is_counted_outside_is_what_the_journal_says_was_paid() {
    let Whole { project, .. } = whole();
    let records = project.records();
    for what in PAID {
        assert_eq!(counted(project, what), all_paid(&records, what), "{what}");
        assert!(counted(project, what) > 0, "{what}");
    }
}

/// Kills a run after `at`, resumes it, and says in a line what was cut.
fn cut(at: Duration) -> String {
    let project = Project::new();
    let mut driver = project.optiloop(RUN).spawn().unwrap();
    std::thread::sleep(at);
    driver.kill().unwrap();
    driver.wait().unwrap();
    assert_eq!(project.left_behind(), Vec::<String>::new(), "after {at:?}");

    let before = project.records();
    let had_ended = matches!(before.last().map(|entry| &entry.record), Some(Record::Stopped { .. }));
    let resumed = project.optiloop(&["resume"]).output().unwrap();
    let wanted = if before.is_empty() || had_ended { 2 } else { 0 };
    assert_eq!(code(&resumed), wanted, "after {at:?}, {} records: {}", before.len(), said(&resumed));
    if before.is_empty() {
        let again = project.optiloop(RUN).output().unwrap();
        assert_eq!(code(&again), 0, "after {at:?}: {}", said(&again));
    }

    let after = project.records();
    assert_eq!(after[..before.len()], before[..], "after {at:?}: history is only added to");
    assert_eq!(project.end(), whole().project.end(), "after {at:?}");
    let mut since = after[before.len()..].iter().map(|entry| &entry.record);
    let step = since.find(|record| !matches!(record, Record::Interrupted { .. }));
    let mut line = format!("{:>6} ms, {:>2} records kept, cut:", at.as_millis(), before.len());
    write!(line, " {:<10}", step.map_or("nothing", Record::kind)).unwrap();
    for what in PAID {
        let (twice, most) = (counted(&project, what), step.map_or(0, |record| paid(record, what)));
        let twice =
            twice.checked_sub(all_paid(&after, what)).expect("nothing is journalled that did not happen");
        assert!(twice <= most, "after {at:?}: {twice} times {what} paid twice, the cut step has {most}");
        write!(line, "  {what} +{twice} of {most}").unwrap();
    }
    assert_eq!(project.left_behind(), Vec::<String>::new(), "after {at:?} and resume");
    line
}

#[test]
fn a_run_killed_at_any_moment_resumes_to_the_same_end_and_pays_nothing_twice() {
    let wanted = std::env::var("OPTILOOP_CUTS").ok().and_then(|text| text.parse().ok()).unwrap_or(CUTS);
    let took = u64::try_from(whole().took.as_millis()).unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(20_261_125);
    let moments: Vec<Duration> =
        (0..wanted).map(|_| Duration::from_millis(random.next_u64() % took)).collect();
    let left = Mutex::new(moments);
    let next = || left.lock().unwrap().pop();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(at) = next() {
                    println!("{}", cut(at));
                }
            });
        }
    });
    println!("{wanted} cuts; a run that nobody cut took {took} ms");
}
