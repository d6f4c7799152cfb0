//! The `[[service]]` tables of `optiloop.toml`.
//!
//! Pure: what is started and when is the launcher's. Start at [`service`].

use std::time::Duration;

use super::command;
use super::error::ReadError;
use super::read;
use super::table::{Item, Table};
use crate::model::command::CommandSpec;
use crate::model::service::{Address, PORT, Ready, ServicePlan, Stop, StopSignal};

/// How long a service may take to get ready, and to end, where config does not say.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Hosts that are this machine.
const LOOPBACK: &[&str] = &["localhost", "127.0.0.1", "[::1]"];

/// One `[[service]]`.
pub fn service(mut table: Table<'_>) -> Result<ServicePlan, ReadError> {
    let named = table.need("name")?;
    let name = named.text()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || !name.chars().all(plain) {
        return Err(named.refuse("a name of letters, digits, `-`, `_` and `.` is wanted"));
    }
    let start = command::one(table.need("start")?)?;
    let ready = ready(table.need("ready")?)?;
    let stop = table.take("stop").map(stop).transpose()?.unwrap_or(Stop::Signal(StopSignal::Term));
    let timeout = table.take("timeout").map(|item| read::limit(&item)).transpose()?.unwrap_or(TIMEOUT);
    table.finish()?;
    Ok(ServicePlan { name, start, ready, stop, timeout })
}

/// All of them; no two may share a name.
pub fn services(items: Vec<Item<'_>>) -> Result<Vec<ServicePlan>, ReadError> {
    let mut services: Vec<ServicePlan> = Vec::new();
    for item in items {
        let again = item.refuse("another [[service]] has this name");
        let service = service(item.table()?)?;
        if services.iter().any(|other| other.name == service.name) {
            return Err(again);
        }
        services.push(service);
    }
    Ok(services)
}

/// An address where it reads like one, else a command.
fn ready(item: Item<'_>) -> Result<Ready, ReadError> {
    if item.is_text() {
        let text = item.text()?;
        if text.starts_with("https://") {
            return Err(item.refuse(
                "an `http://` or `tcp://` address is wanted, or a command, such as \"curl -sfk https://…\"",
            ));
        }
        let rest = text.strip_prefix("http://").map(|rest| (rest, true));
        if let Some((rest, is_http)) = rest.or_else(|| text.strip_prefix("tcp://").map(|rest| (rest, false)))
        {
            let (authority, path) = match rest.find('/') {
                Some(at) => rest.split_at(at),
                None => (rest, "/"),
            };
            let address = address(authority).map_err(|wanted| item.refuse(wanted))?;
            if path.chars().any(|c| c.is_whitespace() || c.is_control()) {
                return Err(item.refuse("a path without blanks is wanted"));
            }
            return Ok(if is_http {
                Ready::Http { address, path: path.to_owned() }
            } else {
                Ready::Tcp(address)
            });
        }
    }
    command::one(item).map(Ready::Command)
}

fn address(authority: &str) -> Result<Address, String> {
    let wanted = || format!("an address on loopback with a port is wanted, as \"http://127.0.0.1:{PORT}/\"");
    // The port first: `{port:NAME}` and `[::1]` hold colons.
    let host = LOOPBACK.iter().find(|host| authority.starts_with(**host)).ok_or_else(wanted)?;
    let port = authority[host.len()..].strip_prefix(':').ok_or_else(wanted)?;
    let asked = port.starts_with("{port") && port.ends_with('}');
    if !asked && port.parse::<u16>().is_err() {
        return Err(wanted());
    }
    Ok(Address { host: (*host).to_owned(), port: port.to_owned() })
}

/// A signal where it is the name of one, else a command.
fn stop(item: Item<'_>) -> Result<Stop, ReadError> {
    if item.is_text() {
        let text = item.text()?;
        if let Some(signal) = StopSignal::named(&text) {
            return Ok(Stop::Signal(signal));
        }
        if text.starts_with("SIG") && !text.contains(' ') {
            return Err(
                item.refuse("one of SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGKILL, or a command is wanted")
            );
        }
    }
    let command: CommandSpec = command::one(item)?;
    Ok(Stop::Command(command))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::file::ConfigFile;
    use crate::policy::origin::{Committed, Origin, Place};

    fn read(keys: &str) -> Result<ServicePlan, String> {
        let text = format!("[[service]]\nname = \"api\"\nstart = \"./api -p {{port}}\"\n{keys}\n");
        let place = Place { path: "optiloop.toml".to_owned(), line: 1 };
        let file =
            ConfigFile::read("optiloop.toml", &text, &Origin::File { place, committed: Committed::Yes });
        file.map(|file| file.services[0].clone()).map_err(|error| error.to_string())
    }

    #[test]
    fn an_address_is_looked_at_and_anything_else_is_run() {
        let ready = |text: &str| read(&format!("ready = {text:?}")).unwrap().ready;
        let at = |host: &str, port: &str| Address { host: host.to_owned(), port: port.to_owned() };
        for (text, expected) in [
            (
                "http://127.0.0.1:{port}/health?x=1",
                Ready::Http { address: at("127.0.0.1", "{port}"), path: "/health?x=1".to_owned() },
            ),
            ("http://[::1]:8080", Ready::Http { address: at("[::1]", "8080"), path: "/".to_owned() }),
            ("tcp://localhost:{port:db}", Ready::Tcp(at("localhost", "{port:db}"))),
            ("pg_isready -p {port}", Ready::Command(CommandSpec::new(["pg_isready", "-p", "{port}"]))),
        ] {
            assert_eq!(ready(text), expected, "{text}");
        }
    }

    #[test]
    fn it_is_stopped_by_a_signal_or_a_command() {
        let stop = |line: &str| read(&format!("ready = \"tcp://localhost:{{port}}\"\n{line}")).unwrap().stop;
        assert_eq!(stop(""), Stop::Signal(StopSignal::Term));
        assert_eq!(stop("stop = \"SIGINT\""), Stop::Signal(StopSignal::Int));
        assert_eq!(stop("stop = [\"a\", \"b\"]"), Stop::Command(CommandSpec::new(["a", "b"])));
    }

    #[test]
    fn what_is_no_service_is_refused_with_what_is_wanted() {
        for (keys, what) in [
            ("", "ready"),
            ("ready = \"https://localhost:{port}\"", "`http://` or `tcp://`"),
            ("ready = \"http://example.org:80/\"", "loopback"),
            ("ready = \"tcp://localhost\"", "with a port"),
            ("ready = \"tcp://localhost:99999\"", "with a port"),
            ("ready = \"true\"\nstop = \"SIGFOO\"", "SIGTERM"),
            ("ready = \"true\"\ntimeout = \"soon\"", "timeout"),
            ("ready = \"true\"\nonce = true", "once"),
            (
                "ready = \"true\"\n[[service]]\nname = \"api\"\nstart = \"x\"\nready = \"true\"",
                "has this name",
            ),
        ] {
            let error = read(keys).unwrap_err();
            assert!(error.contains(what), "{keys}: {error}");
        }
    }
}
