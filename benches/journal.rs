//! How long `status` waits for the journal: 1,000 iterations, 8,000 records, 100,000 samples. Wanted: < 50 ms.

use criterion::{Criterion, criterion_group, criterion_main};
use optiloop::journal::Journal;
use optiloop::model::id::RunId;

fn status(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("journal.db");
    let run = RunId::new("20261124-200000-abcd");
    let samples: Vec<String> = (0..100).map(|n| format!("{}.0", 12_345_678 + n * 991)).collect();
    let measured = format!(r#"{{"samples":[{}]}}"#, samples.join(","));
    {
        let mut journal = Journal::open(&path).expect("a journal");
        for _ in 0..1000 {
            for kind in ["proposed", "inspected", "built", "tested", "judged", "decided", "landed"] {
                let body = r#"{"iteration":7,"stream":"parse/wall/abc","note":"nothing else"}"#;
                journal.append(&run, kind, body).expect("an append");
            }
            journal.append(&run, "measured", &measured).expect("an append");
        }
    }
    criterion.bench_function("open, overview and decisions of 8,000 records", |bencher| {
        bencher.iter(|| {
            let journal = Journal::open(&path).expect("a journal");
            let runs = journal.runs().expect("an overview");
            let decided = journal.records_of_kinds(&run, &["decided", "landed"]).expect("records");
            (runs, decided)
        });
    });
    criterion.bench_function("append", |bencher| {
        let mut journal = Journal::open(&path).expect("a journal");
        bencher.iter(|| journal.append(&run, "measured", &measured).expect("an append"));
    });
}

criterion_group!(benches, status);
criterion_main!(benches);
