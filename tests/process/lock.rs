//! One measurement at a time.

use std::os::unix::fs::PermissionsExt as _;

use optiloop::process::error::ProcessError;
use optiloop::process::lock::MeasurementLock;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

async fn take(folder: &TempDir, what: &str) -> Result<MeasurementLock, ProcessError> {
    let path = folder.path().join("lock");
    MeasurementLock::acquire(&path, what, &CancellationToken::new(), |_| panic!("nobody should wait")).await
}

#[tokio::test]
async fn the_second_waits_and_is_told_who_has_it() {
    let folder = TempDir::new().unwrap();
    let mut first = Some(take(&folder, "run 1 of /x").await.unwrap());
    let mut holder = String::new();
    let path = folder.path().join("lock");
    let cancel = CancellationToken::new();
    let second = MeasurementLock::acquire(&path, "run 2", &cancel, |said| {
        holder = said.to_owned();
        drop(first.take());
    });
    second.await.unwrap();
    assert_eq!(holder, format!("pid {}: run 1 of /x", std::process::id()));
}

#[tokio::test]
async fn a_wait_can_be_cancelled() {
    let folder = TempDir::new().unwrap();
    let _first = take(&folder, "run 1").await.unwrap();
    let cancel = CancellationToken::new();
    let path = folder.path().join("lock");
    let second = MeasurementLock::acquire(&path, "run 2", &cancel, |_| cancel.cancel()).await;
    assert!(matches!(second, Err(ProcessError::Cancelled { .. })));
}

#[tokio::test]
async fn a_link_is_not_followed() {
    let folder = TempDir::new().unwrap();
    let elsewhere = folder.path().join("elsewhere");
    std::os::unix::fs::symlink(&elsewhere, folder.path().join("lock")).unwrap();
    assert!(take(&folder, "run").await.is_err());
    assert!(!elsewhere.exists());
}

#[tokio::test]
async fn everybody_may_use_the_file_whatever_the_umask() {
    let folder = TempDir::new().unwrap();
    let _lock = take(&folder, "run").await.unwrap();
    let mode = std::fs::metadata(folder.path().join("lock")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o666);
}

#[tokio::test]
async fn what_is_no_file_is_refused() {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("lock")).unwrap();
    assert!(take(&folder, "run").await.is_err());
}
