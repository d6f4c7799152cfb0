//! Waits for the whole tree and adds up what it used.

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, WaitId, WaitIdOptions, getpid, waitid};
use wait4::ResUse;

use super::tree;
use crate::fs;
use crate::model::command::Exit;

/// What is known of the leader when it is gone.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) exit: Exit,
    /// Of its main thread.
    pub(super) run_delay: Option<Duration>,
    /// What its main thread ran and waited for a core: it lived at least as long.
    pub(super) alive: Duration,
}

/// Wall time of the command: what passed until this thread ran again, less what it waited for a core after the end.
/// It may have waited just before it slept as well, while the command ran, and the counter tells no two waits apart;
/// the command was there at least for what its own thread ran and waited.
pub(super) fn wall_of(passed: Duration, woken_late: Duration, alive: Duration) -> Duration {
    passed.saturating_sub(woken_late).max(alive).min(passed)
}

/// The tree's bill: the leader and every orphan are reaped here, each with all it had reaped itself.
#[derive(Debug)]
pub(super) struct Account {
    leader: Pid,
    /// Leaders of services: they are reaped when the command is closed.
    services: Vec<Pid>,
    cpu: Duration,
    peak: u64,
}

/// What ended first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    /// The command; how long this thread, woken by the end, waited for a core itself: on a busy machine a tenth of a
    /// launch, and no time of the command.
    Leader(Duration),
    /// A service.
    Service,
}

impl Account {
    pub(super) fn new(leader: Pid, services: Vec<Pid>) -> Self {
        Self { leader, services, cpu: Duration::ZERO, peak: 0 }
    }

    /// A bill nobody pays, to end what there is.
    pub(super) fn of_none() -> Self {
        Self::new(Pid::INIT, Vec::new())
    }

    /// The bill of the services, once that of the command is closed.
    pub(super) fn of_services(self) -> Self {
        Self { leader: self.leader, services: Vec::new(), cpu: Duration::ZERO, peak: 0 }
    }

    /// Until the leader or a service has ended; it stays a zombie. Orphans that end meanwhile are reaped at once, as
    /// by any init.
    pub(super) fn wait_for_leader(&mut self) -> std::io::Result<First> {
        let own = || run_delay(Path::new("/proc/thread-self")).unwrap_or_default();
        loop {
            let before = own();
            // Returns as soon as any child is a zombie, without telling which.
            match waitid(WaitId::All, WaitIdOptions::EXITED | WaitIdOptions::NOWAIT) {
                Err(Errno::INTR) => continue,
                result => result?,
            };
            let look = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
            if waitid(WaitId::Pid(self.leader), look)?.is_some() {
                return Ok(First::Leader(own().saturating_sub(before)));
            }
            for service in &self.services {
                if waitid(WaitId::Pid(*service), look)?.is_some() {
                    return Ok(First::Service);
                }
            }
            self.reap_ended()?;
        }
    }

    /// Reads what only the zombie tells, and reaps it.
    pub(super) fn close_leader(&mut self) -> std::io::Result<Ended> {
        let folder = format!("/proc/{}", self.leader);
        let run_delay = run_delay(Path::new(&folder));
        let alive = schedstat(Path::new(&folder), 0).unwrap_or_default() + run_delay.unwrap_or_default();
        let used = reap(self.leader)?.ok_or(std::io::ErrorKind::WouldBlock)?;
        self.add(&used);
        Ok(Ended { exit: exit(&used), run_delay, alive })
    }

    /// How many processes of the tree run on, but for these.
    pub(super) fn still_there(&self, others: &[Pid]) -> u32 {
        let alive = (tree::descendants().into_iter())
            .filter(|pid| *pid != self.leader && !others.contains(pid) && tree::is_alive(*pid));
        u32::try_from(alive.count()).unwrap_or(u32::MAX)
    }

    /// Reaps the orphans that have ended.
    pub(super) fn reap_ended(&mut self) -> std::io::Result<()> {
        for pid in tree::children(getpid()) {
            if pid != self.leader
                && !self.services.contains(&pid)
                && let Some(used) = reap(pid)?
            {
                self.add(&used);
            }
        }
        Ok(())
    }

    /// Kills and reaps until no child is left; to be called when the leader is closed.
    pub(super) fn reap_all(&mut self, kill: fn()) -> std::io::Result<()> {
        self.services.clear();
        loop {
            kill();
            match waitid(WaitId::All, WaitIdOptions::EXITED | WaitIdOptions::NOWAIT) {
                Err(Errno::CHILD) => return Ok(()),
                Err(Errno::INTR) | Ok(_) => self.reap_ended()?,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// User and system time of all that was reaped.
    pub(super) fn cpu(&self) -> Duration {
        self.cpu
    }

    /// Largest resident set of one process in bytes. A child's mark starts at its spawner's (decision.md A.11),
    /// so that what is not clearly above our own is not told.
    pub(super) fn peak_memory(&self) -> Option<u64> {
        let own = own_peak_memory()?;
        (self.peak >= 2 * own).then_some(self.peak)
    }

    fn add(&mut self, used: &ResUse) {
        self.cpu += used.rusage.utime + used.rusage.stime;
        self.peak = self.peak.max(used.rusage.maxrss);
    }
}

fn exit(used: &ResUse) -> Exit {
    match (used.status.code(), used.status.signal()) {
        (Some(code), _) => Exit::Code(code),
        (None, Some(signal)) => Exit::Signal(signal),
        (None, None) => Exit::NotStarted(format!("ended in an unknown way: {}", used.status)),
    }
}

/// Reaps a child that is a zombie, on nobody's bill.
pub(super) fn take_end(pid: Pid) -> std::io::Result<Exit> {
    Ok(exit(&reap(pid)?.ok_or(std::io::ErrorKind::WouldBlock)?))
}

/// The same of a child that is about to end.
pub(super) fn take_end_when_there(pid: Pid) -> std::io::Result<Exit> {
    while let Err(error) = waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT) {
        if error != Errno::INTR {
            return Err(error.into());
        }
    }
    take_end(pid)
}

/// Reaps one child if it has ended; a child that is no more is no error.
fn reap(pid: Pid) -> std::io::Result<Option<ResUse>> {
    match wait4::try_wait4_pid(pid.as_raw_nonzero().get().unsigned_abs()) {
        Err(error) if error.raw_os_error() == Some(Errno::CHILD.raw_os_error()) => Ok(None),
        result => result,
    }
}

/// Time a process or thread waited for a core: `schedstat`, field 2, in nanoseconds.
pub(super) fn run_delay(folder: &Path) -> Option<Duration> {
    schedstat(folder, 1)
}

/// A field of `schedstat` of a process or thread, counted from 0, in nanoseconds: on a core, and waiting for one.
pub(super) fn schedstat(folder: &Path, field: usize) -> Option<Duration> {
    let text = fs::read_text(&folder.join("schedstat")).ok()?;
    text.split_ascii_whitespace().nth(field)?.parse().ok().map(Duration::from_nanos)
}

/// Involuntary switches of every process reaped so far, of all its threads (getrusage(2)).
pub(super) fn involuntary_switches() -> Option<u64> {
    let usage = nix::sys::resource::getrusage(nix::sys::resource::UsageWho::RUSAGE_CHILDREN).ok()?;
    u64::try_from(usage.involuntary_context_switches()).ok()
}

/// `VmHWM` of this process in bytes.
fn own_peak_memory() -> Option<u64> {
    let status = fs::read_text(Path::new("/proc/self/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_launcher_that_waited_before_it_slept_does_not_shorten_the_command() {
        let check = |passed, woken_late, alive, expected| {
            let [passed, woken_late, alive] = [passed, woken_late, alive].map(Duration::from_millis);
            assert_eq!(wall_of(passed, woken_late, alive), Duration::from_millis(expected));
        };
        check(250, 50, 200, 200);
        // Both cores were taken as the command started: its launcher got neither for most of its life.
        check(1000, 990, 980, 980);
        // A command that sleeps or leaves its work to others.
        check(1000, 30, 5, 970);
        check(200, 0, 201, 200);
    }
}
