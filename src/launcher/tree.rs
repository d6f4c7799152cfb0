//! Who is who's child, read from `/proc`. A process that vanishes while it is looked at is simply not there.

use std::path::Path;

use rustix::process::{Pid, getpid};

use crate::fs;

/// The children of `parent`, zombies included.
///
/// Read from `/proc/PID/task/TID/children`, which may miss one while siblings end: who must not miss any
/// asks again. Kernels without that file are searched process by process.
pub(super) fn children(parent: Pid) -> Vec<Pid> {
    let mut children = Vec::new();
    for task in tasks(parent) {
        match fs::read_text(&task.join("children")) {
            Ok(list) => children.extend(list.split_ascii_whitespace().filter_map(pid)),
            Err(error) if error.is_not_found() && task.exists() => return children_by_search(parent),
            Err(_) => {}
        }
    }
    children
}

/// Every process below this one, parents before children, zombies included.
pub(super) fn descendants() -> Vec<Pid> {
    below(getpid())
}

/// Every process below `top`, likewise.
pub(super) fn below(top: Pid) -> Vec<Pid> {
    let mut found = children(top);
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        found.extend(children(parent));
        next += 1;
    }
    found
}

/// Whether it has not ended yet.
pub(super) fn is_alive(pid: Pid) -> bool {
    stat(pid).is_some_and(|stat| !matches!(stat.state, 'Z' | 'X'))
}

/// The folders of its threads.
pub(super) fn tasks(pid: Pid) -> Vec<std::path::PathBuf> {
    fs::entries(Path::new(&format!("/proc/{pid}/task"))).unwrap_or_default()
}

/// The folder of its main thread, one of [`tasks`].
pub(super) fn main_thread(pid: Pid) -> std::path::PathBuf {
    format!("/proc/{pid}/task/{pid}").into()
}

fn children_by_search(parent: Pid) -> Vec<Pid> {
    let entries = fs::entries(Path::new("/proc")).unwrap_or_default();
    let pids = entries.iter().filter_map(|entry| pid(entry.file_name()?.to_str()?));
    pids.filter(|pid| stat(*pid).is_some_and(|stat| stat.parent == parent.as_raw_nonzero().get())).collect()
}

fn pid(text: &str) -> Option<Pid> {
    text.parse().ok().and_then(Pid::from_raw)
}

struct Stat {
    state: char,
    parent: i32,
}

/// `/proc/PID/stat`: the name in parentheses may hold anything, so fields count from its last parenthesis.
fn stat(pid: Pid) -> Option<Stat> {
    let text = fs::read(Path::new(&format!("/proc/{pid}/stat"))).ok()?;
    let text = String::from_utf8_lossy(&text);
    let mut fields = text.get(text.rfind(')')? + 1..)?.split_ascii_whitespace();
    Some(Stat { state: fields.next()?.chars().next()?, parent: fields.next()?.parse().ok()? })
}
