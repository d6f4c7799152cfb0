//! Results on stdout.
//!
//! Not here: progress and errors, which go to stderr. Start at [`print`].

use std::io::Write as _;

use crate::app::error::AppError;

/// Prints lines; success.
pub(super) fn print_all(lines: impl IntoIterator<Item = String>) -> Result<u8, AppError> {
    for line in lines {
        print(&line)?;
    }
    Ok(0)
}

/// Prints a result. A reader that has gone (`| head`) is no reason to fail; a result that was lost is.
pub(super) fn print(text: &str) -> Result<(), AppError> {
    let mut out = std::io::stdout();
    match writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(AppError::Environment {
            what: format!("standard output: {error}"),
            hint: "the result was not printed whole; `optiloop show` prints that of a run again".to_owned(),
        }),
        _ => Ok(()),
    }
}
