//! Our MCP server, on standard input and output.
//!
//! Within a turn it is a child of the agent and meets the driver in the spool: [`serve_spool`]. Not here: what
//! the tools do (`app`). A file per set of tools.

mod spool;

use std::path::{Path, PathBuf};

use rmcp::ServiceExt as _;

pub use spool::SpoolTools;

/// The server could not go on.
#[derive(Debug, thiserror::Error)]
pub enum McpError {
    /// The client did not begin as MCP wants it.
    #[error("the MCP client did not initialize")]
    Initialize {
        /// What came instead.
        source: Box<rmcp::service::ServerInitializeError>,
    },
    /// The service ended by itself, not by the client's leaving.
    #[error("the MCP server ended early")]
    Ended {
        /// How.
        source: tokio::task::JoinError,
    },
    /// There is no such folder.
    #[error("{} is not a spool folder", folder.display())]
    NoSpool {
        /// What was given.
        folder: PathBuf,
    },
}

/// The verb `mcp`: serves until the client leaves. Standard output is the protocol's alone.
pub fn main(arguments: &[std::ffi::OsString]) -> std::process::ExitCode {
    let [option, folder] = arguments else { return complain("usage: optiloop mcp --spool FOLDER", 2) };
    if option != "--spool" {
        return complain("usage: optiloop mcp --spool FOLDER", 2);
    }
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&error.to_string(), 9),
    };
    match runtime.block_on(serve_spool(Path::new(folder))) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => complain(&error.to_string(), 9),
    }
}

#[expect(clippy::print_stderr, reason = "the client shows a server's standard error to people")]
fn complain(what: &str, code: u8) -> std::process::ExitCode {
    eprintln!("optiloop mcp: {what}");
    code.into()
}

/// Serves the tools of one turn over standard input and output, until the client leaves.
pub async fn serve_spool(folder: &Path) -> Result<(), McpError> {
    if !folder.is_dir() {
        return Err(McpError::NoSpool { folder: folder.to_owned() });
    }
    let tools = SpoolTools::new(folder);
    let service = tools.serve(rmcp::transport::stdio()).await;
    let service = service.map_err(|source| McpError::Initialize { source: Box::new(source) })?;
    service.waiting().await.map_err(|source| McpError::Ended { source })?;
    Ok(())
}
