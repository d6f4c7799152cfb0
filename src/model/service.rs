//! A service that a benchmark needs: how it is started, when it is ready, how it is stopped, and how it fails.
//!
//! Not here: starting one (`launcher`), reading config (`policy/service`). Start at [`ServicePlan`].

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::command::{CommandSpec, Exit};

/// In an argument, a variable or an address: the port a service was given. `{port:NAME}` is that of another one.
pub const PORT: &str = "{port}";
/// The variable that holds the same; for a service of config's, `OPTILOOP_PORT_NAME` as well.
pub const PORT_VARIABLE: &str = "OPTILOOP_PORT";

/// A process that is started before a launch, beside it, and ends with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServicePlan {
    /// What it is called.
    pub name: String,
    /// Its command; it must run on until it is stopped.
    pub start: CommandSpec,
    /// When it is ready.
    pub ready: Ready,
    /// How it is asked to end.
    pub stop: Stop,
    /// How long it may take to get ready, and to end.
    pub timeout: Duration,
}

/// When a service is ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ready {
    /// When this command succeeds.
    Command(CommandSpec),
    /// When this address accepts a connection.
    Tcp(Address),
    /// When this address answers a request for this path with a status below 400.
    Http {
        /// The address.
        address: Address,
        /// The path with its query.
        path: String,
    },
}

/// An address on loopback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// `127.0.0.1`, `localhost` or `[::1]`.
    pub host: String,
    /// A number, or [`PORT`].
    pub port: String,
}

/// How a service is asked to end; what does not end within its timeout is killed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// By this signal to it and its process group.
    Signal(StopSignal),
    /// By this command.
    Command(CommandSpec),
}

/// Signals that ask a process to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the signal of its name")]
pub enum StopSignal {
    Term,
    Int,
    Quit,
    Hup,
    Kill,
}

impl StopSignal {
    /// The one of this name, with or without `SIG`.
    pub fn named(name: &str) -> Option<Self> {
        match name.strip_prefix("SIG").unwrap_or(name) {
            "TERM" => Some(Self::Term),
            "INT" => Some(Self::Int),
            "QUIT" => Some(Self::Quit),
            "HUP" => Some(Self::Hup),
            "KILL" => Some(Self::Kill),
            _ => None,
        }
    }
}

/// Names of services and the ports they were given, in the order of config.
pub type Ports = [(String, u16)];

/// A text with the ports in place: [`PORT`] is that of `own`, or of the last service, which may need those before it.
pub fn with_ports(text: &str, own: Option<u16>, ports: &Ports) -> String {
    let mut text = text.to_owned();
    for (name, port) in ports {
        text = text.replace(&format!("{{port:{name}}}"), &port.to_string());
    }
    match own.or_else(|| ports.last().map(|(_, port)| *port)) {
        Some(port) => text.replace(PORT, &port.to_string()),
        None => text,
    }
}

/// The variable with the port of the service of this name.
pub fn port_variable(name: &str) -> String {
    let word: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    format!("{PORT_VARIABLE}_{word}")
}

/// A service that did not do its part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceFailure {
    /// Its name.
    pub service: String,
    /// What it did instead.
    pub fault: ServiceFault,
    /// The end of what it said.
    pub said: String,
}

/// What a service did instead of its part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceFault {
    /// It could not be started, and why.
    NotStarted(String),
    /// It ended before it was ready.
    EndedEarly(Box<Exit>),
    /// It was not ready in time: how long that was, and what was seen last.
    NotReady {
        /// The time it had.
        within: Duration,
        /// What the last look saw.
        seen: String,
    },
    /// It ended while the launch ran.
    EndedDuring(Box<Exit>),
}

impl std::fmt::Display for ServiceFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { service, fault, said } = self;
        match fault {
            ServiceFault::NotStarted(why) => write!(f, "service {service} could not be started: {why}")?,
            ServiceFault::EndedEarly(exit) => {
                write!(f, "service {service} ended before it was ready: {exit}")?;
            }
            ServiceFault::NotReady { within, seen } => write!(
                f,
                "service {service} was not ready within {within:?} (`timeout` of its [[service]]): {seen}"
            )?,
            ServiceFault::EndedDuring(exit) => {
                write!(
                    f,
                    "service {service} ended while the benchmark ran: {exit}; it must run on until it is stopped"
                )?;
            }
        }
        if said.is_empty() { f.write_str("; it said nothing") } else { write!(f, "; it said last:\n{said}") }
    }
}

/// What the services of a launch used.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ServiceUsage {
    /// CPU time of all of them and their children from when they were ready to their end.
    pub cpu: Duration,
    /// Largest resident set of one of their processes in bytes; `None` where it is not measurable.
    pub peak_memory: Option<u64>,
    /// From the start of the first until all were ready.
    pub ready: Duration,
    /// Those that did not end when they were asked to, and were killed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub killed: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_put_where_they_are_asked_for() {
        let ports = [("api".to_owned(), 40_001), ("db".to_owned(), 40_002)];
        let check = |text, own| with_ports(text, own, &ports);
        assert_eq!(
            check("http://localhost:{port}/?api={port:api}", None),
            "http://localhost:40002/?api=40001"
        );
        assert_eq!(check("-p{port} --db={port:db}", Some(40_001)), "-p40001 --db=40002");
        assert_eq!(check("{port:other} {n}", None), "{port:other} {n}");
        assert_eq!(with_ports("{port}", None, &[]), "{port}");
        assert_eq!(port_variable("my-db.1"), "OPTILOOP_PORT_MY_DB_1");
    }

    #[test]
    fn a_failure_says_which_service_what_it_did_and_what_it_said() {
        let failure = ServiceFailure {
            service: "api".to_owned(),
            fault: ServiceFault::EndedEarly(Box::new(Exit::Code(1))),
            said: "no such table".to_owned(),
        };
        assert_eq!(
            failure.to_string(),
            "service api ended before it was ready: exit code 1; it said last:\nno such table"
        );
    }
}
