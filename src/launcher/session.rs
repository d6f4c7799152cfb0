//! One launch, from the driver's request to the report.

use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustix::process::{
    DumpableBehavior, Pid, PidfdFlags, Signal, getpid, kill_process_group, pidfd_open, pidfd_send_signal,
    set_child_subreaper, set_dumpable_behavior, set_parent_process_death_signal,
};

use super::account::{Account, First, involuntary_switches, wall_of};
use super::sample::Sampler;
use super::service::{self, Services};
use super::start::{Outcome, Started, start};
use super::wire::Wire;
use super::{restrict, tree};
use crate::model::command::{Exit, Usage};
use crate::model::launch::{Order, Report, Request, Sampling};

/// How long processes the leader left behind may take to end by themselves before they count as leftovers.
/// Helpers that end when their pipe closes (Python's resource tracker) need some milliseconds; their time is
/// part of the launch's wall time, so that nothing is gained by handing work to them.
const GRACE: Duration = Duration::from_millis(200);
/// How often is looked whether they have.
const LOOK: Duration = Duration::from_millis(1);

/// What the launcher itself can fail with; each is the environment's fault, never the command's.
#[derive(Debug, thiserror::Error)]
pub(super) enum LauncherError {
    #[error("standard input is not a socket of the driver")]
    Socket(#[source] std::io::Error),
    #[error("the driver sent no request")]
    NoRequest,
    #[error("the request is not understood: {0}")]
    Request(serde_json::Error),
    #[error("the report cannot be written: {0}")]
    Report(serde_json::Error),
    #[error("cannot {doing}: {source}")]
    System { doing: &'static str, source: std::io::Error },
    #[error(transparent)]
    Restrict(#[from] restrict::RestrictError),
}

/// Names what failed.
pub(super) fn system<T>(
    doing: &'static str,
    result: Result<T, impl Into<std::io::Error>>,
) -> Result<T, LauncherError> {
    result.map_err(|source| LauncherError::System { doing, source: source.into() })
}

/// Reads the request, runs it, answers.
pub(super) fn serve() -> Result<(), LauncherError> {
    let mut wire = Wire::on_standard_input().map_err(LauncherError::Socket)?;
    let line = wire.line().map_err(LauncherError::Socket)?.ok_or(LauncherError::NoRequest)?;
    let mut request: Request = serde_json::from_slice(&line).map_err(LauncherError::Request)?;
    guard()?;
    restrict::limit(&request.job.limits)?;
    let ports = service::choose_ports(&request)?;
    service::name_ports(&mut request, &ports);
    let session = Session {
        ports: ports.into_iter().map(|(_, port)| port).collect(),
        cut: Arc::new(AtomicBool::new(false)),
        leader: Arc::new(OnceLock::new()),
        request,
    };
    let report = session.perform(&mut wire)?;
    let mut answer = serde_json::to_vec(&report).map_err(LauncherError::Report)?;
    answer.push(b'\n');
    // A driver that died or no longer listens has nothing to be told.
    let _ = wire.send(&answer);
    Ok(())
}

/// Takes over orphans, and closes `/proc/PID/{fd,mem}` of this process to the command.
fn guard() -> Result<(), LauncherError> {
    system("hide from the command", set_dumpable_behavior(DumpableBehavior::NotDumpable))?;
    system("adopt orphans", set_child_subreaper(Some(getpid())))?;
    if is_init() {
        // Outside a pid namespace the closed socket tells us, and what is left can still be killed.
        system("follow the sandbox", set_parent_process_death_signal(Some(Signal::KILL)))?;
    }
    Ok(())
}

/// Whether this process is the first of its pid namespace.
fn is_init() -> bool {
    getpid() == Pid::INIT
}

/// What one launch is about.
struct Session {
    request: Request,
    /// Of its services.
    ports: Vec<u16>,
    /// Whether the driver wants all to end.
    cut: Arc<AtomicBool>,
    /// The command, once it is started.
    leader: Arc<OnceLock<(Pid, OwnedFd)>>,
}

impl Session {
    /// Starts services, then the command, and follows both to their end.
    fn perform(&self, wire: &mut Wire) -> Result<Report, LauncherError> {
        let input = wire.take_input();
        let alone = self.request.job.services.is_empty();
        if !alone {
            self.obey(wire)?;
        }
        let failed = |exit| Report { exit, usage: Usage::default() };
        let services = match Services::start(&self.request, &self.ports, &self.cut)? {
            Ok(services) => services,
            Err(failure) => {
                system("end services", Account::of_none().reap_all(kill_all))?;
                return Ok(failed(Exit::Service(Box::new(failure))));
            }
        };
        match start(&self.request, &self.ports, input)? {
            Outcome::NotStarted(why) => {
                system("end services", Account::of_none().reap_all(kill_all))?;
                Ok(failed(Exit::NotStarted(why)))
            }
            Outcome::Started(started) => {
                let handle = system("watch the command", pidfd_open(started.leader, PidfdFlags::empty()))?;
                self.leader.get_or_init(|| (started.leader, handle));
                if alone {
                    // Not before there is someone to hand an order to.
                    self.obey(wire)?;
                }
                self.follow(&started, services)
            }
        }
    }

    /// Waits for the leader, then for what it left, and counts.
    fn follow(&self, started: &Started, services: Services) -> Result<Report, LauncherError> {
        let leader = started.leader;
        if self.cut.load(Ordering::Relaxed) {
            // The order came while it was being started.
            kill_all();
        }
        let sampler = match self.request.job.sampling {
            Sampling::Off => None,
            Sampling::Threads => Some(system("sample threads", Sampler::start())?),
        };
        let mut account = Account::new(leader, services.leaders());
        let first = system("wait for the command", account.wait_for_leader())?;
        let mut wall = started.clock.elapsed();
        let threads = sampler.map(Sampler::finish);
        let First::Leader(woken_late) = first else {
            let failure = services.ended_during()?;
            system("reap what is left", Account::of_none().reap_all(kill_all))?;
            let exit = failure.map_or_else(
                || Exit::NotStarted("a service was lost".to_owned()),
                |failure| Exit::Service(Box::new(failure)),
            );
            return Ok(Report { exit, usage: Usage { wall, ..Usage::default() } });
        };
        let ended = system("take the command's end", account.close_leader())?;
        wall = wall_of(wall, woken_late, ended.alive);

        let grace = crate::clock::Stopwatch::start();
        let mut leftovers = account.still_there(&services.processes());
        while leftovers > 0 && grace.elapsed() < GRACE && !self.cut.load(Ordering::Relaxed) {
            std::thread::sleep(LOOK);
            system("reap orphans", account.reap_ended())?;
            leftovers = account.still_there(&services.processes());
            wall = started.clock.elapsed();
        }
        let usage = Usage {
            wall,
            cpu: account.cpu(),
            run_delay: ended.run_delay,
            threads: threads.as_ref().map(|seen| seen.most),
            run_delay_threads: threads.map(|seen| seen.run_delay(leader, ended.run_delay)),
            peak_memory: account.peak_memory(),
            switches: None,
            leftovers,
            services: None,
        };
        self.close(usage, ended.exit, (account, services))
    }

    /// Ends what is left, services in good order, and completes the bill.
    fn close(
        &self,
        mut usage: Usage,
        exit: Exit,
        (mut account, services): (Account, Services),
    ) -> Result<Report, LauncherError> {
        if self.request.job.services.is_empty() {
            system("reap what is left", account.reap_all(kill_all))?;
            (usage.cpu, usage.peak_memory) = (account.cpu(), account.peak_memory());
            usage.switches = involuntary_switches();
        } else {
            let mut account = account.of_services();
            usage.services = Some(services.stop(&self.request, &self.ports, (&mut account, &self.cut))?);
        }
        Ok(Report { exit, usage })
    }

    /// Follows the driver's orders on a thread of its own; the socket's end is the order to kill everything.
    fn obey(&self, wire: &Wire) -> Result<(), LauncherError> {
        let mut wire = wire.reader().map_err(LauncherError::Socket)?;
        let (cut, leader) = (Arc::clone(&self.cut), Arc::clone(&self.leader));
        let follow = move || {
            while let Ok(Some(line)) = wire.line() {
                match (serde_json::from_slice(&line), leader.get()) {
                    // Gone already is fine.
                    (Ok(Order::Interrupt), Some((leader, _))) => {
                        let _ = kill_process_group(*leader, Signal::INT);
                    }
                    (Ok(Order::Interrupt), None) => {}
                    (Err(_), _) => break,
                }
            }
            cut.store(true, Ordering::Relaxed);
            if let Some((_, handle)) = leader.get() {
                let _ = pidfd_send_signal(handle, Signal::KILL);
            }
            kill_all();
        };
        system("follow orders", std::thread::Builder::new().spawn(follow).map(drop))
    }
}

/// Kills every process of the tree that is there now.
pub(super) fn kill_all() {
    if is_init() {
        // kill(-1): all of the namespace at once, so that none can fork away from it.
        let _ = kill_process_group(Pid::INIT, Signal::KILL);
    } else {
        for pid in tree::descendants() {
            let _ = rustix::process::kill_process(pid, Signal::KILL);
        }
    }
}
