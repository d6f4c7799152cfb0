//! Services beside the command: given ports, started one after the other, looked at until ready, stopped in the end.
//!
//! Each runs in a Landlock domain of its own, so that the code under test can neither trace nor signal what measures
//! it. Not here: the command itself (`start`), the bill (`account`). Start at [`Services::start`].

use std::io::Read as _;
use std::net::{Ipv4Addr, TcpListener};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::account::{self, Account};
use super::ready;
use super::session::{LauncherError, system};
use super::start::{Beside, Outcome, start_beside};
use super::tree;
use crate::clock::Stopwatch;
use crate::model::command::{CommandSpec, Exit};
use crate::model::launch::Request;
use crate::model::service::{
    PORT_VARIABLE, Ready, ServiceFailure, ServiceFault, ServicePlan, ServiceUsage, Stop, StopSignal,
    port_variable, with_ports,
};

/// Time between two looks whether a service is ready or has ended.
const LOOK: Duration = Duration::from_millis(2);
/// How long is waited for the last words of a service that failed.
const LAST_WORDS: Duration = Duration::from_millis(100);
/// Bytes of what a service says last that are kept.
const SAID: usize = 2 << 10;

/// Services that run.
#[derive(Debug, Default)]
pub(super) struct Services {
    running: Vec<Running>,
    /// Until all were ready.
    took: Duration,
    /// CPU time they had used by then.
    before: Duration,
}

#[derive(Debug)]
struct Running {
    plan: ServicePlan,
    leader: Pid,
    said: Said,
}

/// What a service says, the end of it.
type Said = Arc<Mutex<Vec<u8>>>;

/// A port of its own for each service, free where this process is.
pub(super) fn choose_ports(request: &Request) -> Result<Vec<(String, u16)>, LauncherError> {
    let mut held = Vec::new();
    for service in &request.job.services {
        let listener = system("find a free port", TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let port = system("find a free port", listener.local_addr())?.port();
        // Held until all are chosen, so that no two are one.
        held.push((service.name.clone(), port, listener));
    }
    Ok(held.into_iter().map(|(name, port, _)| (name, port)).collect())
}

/// Puts ports where command, environment and services of the request ask for them.
pub(super) fn name_ports(request: &mut Request, ports: &[(String, u16)]) {
    let job = &mut request.job;
    let name_in = |spec: &mut CommandSpec, own: u16| {
        for text in spec.argv.iter_mut().chain(spec.env.values_mut()) {
            *text = with_ports(text, Some(own), ports);
        }
        spec.env.insert(PORT_VARIABLE.to_owned(), own.to_string());
    };
    for (service, (_, port)) in job.services.iter_mut().zip(ports) {
        let own = *port;
        name_in(&mut service.start, own);
        if let Stop::Command(command) = &mut service.stop {
            name_in(command, own);
        }
        match &mut service.ready {
            Ready::Command(command) => name_in(command, own),
            Ready::Tcp(address) | Ready::Http { address, .. } => {
                address.port = with_ports(&address.port, Some(own), ports);
            }
        }
    }
    for text in job.argv.iter_mut().chain(job.env.values_mut()) {
        *text = with_ports(text, None, ports);
    }
    for (name, port) in ports {
        job.env.insert(port_variable(name), port.to_string());
    }
    if let Some((_, last)) = ports.last() {
        job.env.insert(PORT_VARIABLE.to_owned(), last.to_string());
    }
}

impl Services {
    /// Starts all, each when the one before is ready; the failure of the first that is not.
    pub(super) fn start(
        request: &Request,
        ports: &[u16],
        cut: &AtomicBool,
    ) -> Result<Result<Self, ServiceFailure>, LauncherError> {
        let clock = Stopwatch::start();
        let mut services = Self::default();
        for plan in &request.job.services {
            let (said, output) = listen()?;
            let beside = Beside { request, spec: &plan.start, ports, output };
            let leader = match start_beside(beside)? {
                Outcome::Started(started) => started.leader,
                Outcome::NotStarted(why) => {
                    return Ok(Err(failure(plan, ServiceFault::NotStarted(why), &said)));
                }
            };
            services.running.push(Running { plan: plan.clone(), leader, said });
            if let Some(failure) = services.wait_until_ready(request, ports, cut)? {
                return Ok(Err(failure));
            }
        }
        services.took = clock.elapsed();
        services.before = services
            .processes()
            .into_iter()
            .flat_map(tree::tasks)
            .filter_map(|task| account::schedstat(&task, 0))
            .sum();
        Ok(Ok(services))
    }

    /// Looks at the one started last until it is ready.
    fn wait_until_ready(
        &self,
        request: &Request,
        ports: &[u16],
        cut: &AtomicBool,
    ) -> Result<Option<ServiceFailure>, LauncherError> {
        let Some(Running { plan, leader, said }) = self.running.last() else { return Ok(None) };
        let clock = Stopwatch::start();
        let mut before = None;
        loop {
            if let Some(failed) = self.first_that_ended()? {
                return Ok(Some(failed.failure(ServiceFault::EndedEarly)?));
            }
            let seen = match &plan.ready {
                Ready::Tcp(address) => ready::connects(address),
                Ready::Http { address, path } => ready::answers(address, path),
                Ready::Command(spec) => {
                    let beside = Beside { request, spec, ports, output: sink(said)? };
                    let left = plan.timeout.saturating_sub(clock.elapsed());
                    succeeds(beside, left, || {
                        cut.load(Ordering::Relaxed) || has_ended(*leader).unwrap_or(true)
                    })?
                }
            };
            match seen {
                Ok(()) => return Ok(None),
                Err(seen) if clock.elapsed() >= plan.timeout || cut.load(Ordering::Relaxed) => {
                    // What was looked at when time ran out tells less than what was seen before.
                    let seen = before.unwrap_or(seen);
                    let fault = ServiceFault::NotReady { within: plan.timeout, seen };
                    return Ok(Some(failure(plan, fault, said)));
                }
                Err(seen) => {
                    before = Some(seen);
                    std::thread::sleep(LOOK);
                }
            }
        }
    }

    fn first_that_ended(&self) -> Result<Option<&Running>, LauncherError> {
        for service in &self.running {
            if has_ended(service.leader)? {
                return Ok(Some(service));
            }
        }
        Ok(None)
    }

    /// The leaders, none of which may end before it is stopped.
    pub(super) fn leaders(&self) -> Vec<Pid> {
        self.running.iter().map(|service| service.leader).collect()
    }

    /// Every process of theirs that is there now.
    pub(super) fn processes(&self) -> Vec<Pid> {
        self.running
            .iter()
            .flat_map(|service| [vec![service.leader], tree::below(service.leader)].concat())
            .collect()
    }

    /// How the one that ended while the command ran failed.
    pub(super) fn ended_during(&self) -> Result<Option<ServiceFailure>, LauncherError> {
        self.first_that_ended()?.map(|service| service.failure(ServiceFault::EndedDuring)).transpose()
    }

    /// Asks all to end, the last first, waits for it, and kills what does not; what they used in all.
    pub(super) fn stop(
        self,
        request: &Request,
        ports: &[u16],
        (account, cut): (&mut Account, &AtomicBool),
    ) -> Result<ServiceUsage, LauncherError> {
        let mut killed = Vec::new();
        for Running { plan, leader, said } in self.running.iter().rev() {
            let clock = Stopwatch::start();
            match &plan.stop {
                // Gone already is fine.
                Stop::Signal(signal) => drop(kill_process_group(*leader, number(*signal))),
                Stop::Command(spec) => {
                    let beside = Beside { request, spec, ports, output: sink(said)? };
                    // That it fails shows in the service that does not end.
                    let _ = succeeds(beside, plan.timeout, || cut.load(Ordering::Relaxed))?;
                }
            }
            while !has_ended(*leader)? && clock.elapsed() < plan.timeout && !cut.load(Ordering::Relaxed) {
                std::thread::sleep(LOOK);
            }
            if !has_ended(*leader)? {
                killed.push(plan.name.clone());
            }
            let _ = kill_process_group(*leader, Signal::KILL);
        }
        system("reap services", account.reap_all(super::session::kill_all))?;
        let cpu = account.cpu().saturating_sub(self.before);
        Ok(ServiceUsage { cpu, peak_memory: account.peak_memory(), ready: self.took, killed })
    }
}

impl Running {
    /// Its failure by its end, of which it is the zombie.
    fn failure(&self, fault: fn(Box<Exit>) -> ServiceFault) -> Result<ServiceFailure, LauncherError> {
        let exit = system("take a service's end", account::take_end(self.leader))?;
        Ok(failure(&self.plan, fault(Box::new(exit)), &self.said))
    }
}

fn failure(plan: &ServicePlan, fault: ServiceFault, said: &Said) -> ServiceFailure {
    // Each thread that listens holds it until the last writer is gone.
    let clock = Stopwatch::start();
    while Arc::strong_count(said) > 1 && clock.elapsed() < LAST_WORDS {
        std::thread::sleep(LOOK);
    }
    let said = said.lock().unwrap_or_else(PoisonError::into_inner);
    let said = String::from_utf8_lossy(&said).trim().to_owned();
    ServiceFailure { service: plan.name.clone(), fault, said }
}

/// Runs a command beside the services; what it came to, as what is seen of a service.
fn succeeds(
    beside: Beside<'_>,
    within: Duration,
    given_up: impl Fn() -> bool,
) -> Result<Result<(), String>, LauncherError> {
    let clock = Stopwatch::start();
    let command = beside.spec.argv.join(" ");
    let leader = match start_beside(beside)? {
        Outcome::Started(started) => started.leader,
        Outcome::NotStarted(why) => return Ok(Err(format!("`{command}` could not be started: {why}"))),
    };
    while !has_ended(leader)? {
        if clock.elapsed() >= within || given_up() {
            let _ = kill_process_group(leader, Signal::KILL);
            system("wait for a command", account::take_end_when_there(leader))?;
            return Ok(Err(format!("`{command}` did not end")));
        }
        std::thread::sleep(LOOK);
    }
    let exit = system("take a command's end", account::take_end(leader))?;
    Ok(if exit.is_success() { Ok(()) } else { Err(format!("`{command}`: {exit}")) })
}

/// Whether a child is a zombie.
fn has_ended(pid: Pid) -> Result<bool, LauncherError> {
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
    Ok(system("look after a service", waitid(WaitId::Pid(pid), look))?.is_some())
}

/// A pipe whose last words are kept by a thread of its own, which ends with the last writer.
fn listen() -> Result<(Said, OwnedFd), LauncherError> {
    let said = Said::default();
    let output = sink(&said)?;
    Ok((said, output))
}

fn sink(said: &Said) -> Result<OwnedFd, LauncherError> {
    let (mut reader, writer) = system("listen to a service", std::io::pipe())?;
    let said = Arc::clone(said);
    let follow = move || {
        let mut bytes = [0; 4096];
        while let Ok(read) = reader.read(&mut bytes)
            && read > 0
        {
            let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
            said.extend_from_slice(&bytes[..read]);
            let over = said.len().saturating_sub(SAID);
            said.drain(..over);
        }
    };
    system("listen to a service", std::thread::Builder::new().spawn(follow))?;
    Ok(writer.into())
}

fn number(signal: StopSignal) -> Signal {
    match signal {
        StopSignal::Term => Signal::TERM,
        StopSignal::Int => Signal::INT,
        StopSignal::Quit => Signal::QUIT,
        StopSignal::Hup => Signal::HUP,
        StopSignal::Kill => Signal::KILL,
    }
}
