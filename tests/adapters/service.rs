//! A service under vegeta, from its `optiloop.toml` to the percentile: built, started by the real launcher beside the
//! load, asked until it is ready, measured, ended.

use std::path::Path;
use std::time::Duration;

use optiloop::bench::{self, Discovery, Printed};
use optiloop::confine::SANDBOXES;
use optiloop::model::bench::{Iterations, WorkControl};
use optiloop::model::command::{Exit, Limits};
use optiloop::model::id::BenchmarkId;
use optiloop::model::launch::{Confinement, Job, LauncherPath, Network, Sampling};
use optiloop::model::plan::BenchPlan;
use optiloop::model::service::ServicePlan;
use optiloop::policy::file::ConfigFile;
use optiloop::policy::origin::{Committed, Origin, Place};
use optiloop::process::run;
use tokio_util::sync::CancellationToken;

use crate::world::{built, edit, has, path, program};

/// What the sample's own config says.
fn config(work: &Path) -> (BenchPlan, Vec<ServicePlan>) {
    let text = optiloop::fs::read_text(&work.join("optiloop.toml")).unwrap();
    let place = Place { path: "optiloop.toml".to_owned(), line: 1 };
    let file = ConfigFile::read("optiloop.toml", &text, &Origin::File { place, committed: Committed::Yes });
    let file = file.unwrap();
    let plan = BenchPlan {
        harness: file.bench.harness.unwrap(),
        build: file.bench.build,
        artifacts: file.bench.artifacts,
        cases: file.bench.cases,
        metric: file.metric,
        ..BenchPlan::default()
    };
    (plan, file.services)
}

/// The percentile of one launch in `neutral`, in nanoseconds.
async fn percentile(plan: &BenchPlan, services: &[ServicePlan], neutral: &Path) -> f64 {
    let (harness, case) = (bench::find("vegeta").unwrap(), BenchmarkId::new("render"));
    let spec = harness.launch(plan, &case, Iterations(1)).unwrap();
    let mut services = services.to_vec();
    for service in &mut services {
        neutral.clone_into(&mut service.start.folder);
    }
    let env = spec.env.into_iter().chain([("PATH".to_owned(), path())]).collect();
    let limits = Limits { wall: Duration::from_mins(1), ..Limits::default() };
    let (argv, folder, sampling) = (spec.argv, neutral.to_owned(), Sampling::Off);
    let job = Job { argv, folder, env, limits, sampling, services };
    let tmp = tempfile::tempdir().unwrap();
    let confinement = Confinement {
        read_only: vec![],
        writable: vec![],
        masked: vec![],
        tmp: tmp.path().to_owned(),
        network: Network::Loopback,
    };
    let launcher = LauncherPath(env!("CARGO_BIN_EXE_optiloop").into());
    let wrapped = SANDBOXES.last().unwrap().wrap(job, &confinement, &launcher);
    let finished = run::run(wrapped, &CancellationToken::new()).await.unwrap();
    assert_eq!(finished.exit, Exit::Code(0), "{}", finished.stderr.text());
    let used = finished.usage.services.as_ref().unwrap();
    assert!(used.killed.is_empty() && used.cpu > Duration::from_millis(50), "{used:?}");
    harness.parse(plan, &case, Printed::of(&finished)).unwrap()[0].value.unwrap()
}

#[tokio::test]
async fn the_tail_of_a_service_is_in_its_percentile_and_gone_when_it_is_removed() {
    let test = "the_tail_of_a_service_is_in_its_percentile_and_gone_when_it_is_removed";
    if !has(test, &["go", "version"]) || !has(test, &["vegeta", "-version"]) {
        return;
    }
    let folder = program("service");
    let (work, base, candidate) =
        (folder.path().join("work"), folder.path().join("base"), folder.path().join("candidate"));
    let (plan, services) = config(&work);
    let harness = bench::find(&plan.harness).unwrap();
    let case = BenchmarkId::new("render");
    assert_eq!(harness.discovery(&plan), Discovery::Listed(vec![case.clone()]));
    assert_eq!(harness.work(&plan, &case), WorkControl::Adaptive);
    built(harness, &plan, &work, &base);
    edit(&work.join("render.go"), "tail = 5", "tail = 1");
    built(harness, &plan, &work, &candidate);
    // What else the machine does only ever adds: the shortest of three is nearest to the truth, five to one.
    let (mut with, mut without) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..3 {
        with = with.min(percentile(&plan, &services, &base).await);
        without = without.min(percentile(&plan, &services, &candidate).await);
    }
    assert!(with > 2.0 * without, "{with} ns with the tail, {without} ns without");
}
