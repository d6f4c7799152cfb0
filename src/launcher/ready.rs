//! Looks whether a service on loopback answers. The `Err` is what was seen instead, in words.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use crate::model::service::Address;

/// How long one look may take.
const PATIENCE: Duration = Duration::from_secs(1);
/// Bytes of a status line that are read.
const LINE: u64 = 1 << 10;

/// Whether it accepts a connection.
pub(super) fn connects(address: &Address) -> Result<(), String> {
    connect(address).map(drop)
}

/// Whether it answers a request for `path` with a status below 400.
pub(super) fn answers(address: &Address, path: &str) -> Result<(), String> {
    let stream = connect(address)?;
    let Address { host, port } = address;
    let failed = |error: std::io::Error| format!("http://{host}:{port}{path}: {error}");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n");
    (&stream).write_all(request.as_bytes()).map_err(failed)?;
    let mut line = String::new();
    BufReader::new((&stream).take(LINE)).read_line(&mut line).map_err(failed)?;
    let status =
        line.strip_prefix("HTTP/").and_then(|rest| rest.split_whitespace().nth(1)?.parse::<u16>().ok());
    match status {
        Some(200..=399) => Ok(()),
        _ => Err(format!("http://{host}:{port}{path} answered {:?}", line.trim_end())),
    }
}

fn connect(address: &Address) -> Result<TcpStream, String> {
    let Address { host, port } = address;
    let failed = |error: std::io::Error| format!("{host}:{port}: {error}");
    let mut seen = format!("{host}:{port} is no address");
    for address in format!("{host}:{port}").to_socket_addrs().map_err(failed)? {
        // Where a name leads elsewhere is not asked.
        if !address.ip().is_loopback() {
            continue;
        }
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(stream) => {
                stream.set_read_timeout(Some(PATIENCE)).map_err(failed)?;
                stream.set_write_timeout(Some(PATIENCE)).map_err(failed)?;
                return Ok(stream);
            }
            Err(error) => seen = failed(error),
        }
    }
    Err(seen)
}
