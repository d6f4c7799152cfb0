//! `completions` and `man`: what shells and `man` know of the command line, made from its own description.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::app::error::AppError;

use super::super::args::Arguments;

pub(super) fn completions(shell: Shell) -> Result<u8, AppError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "optiloop", &mut script);
    super::print(&String::from_utf8_lossy(&script))?;
    Ok(0)
}

/// The page of the program, and below it one section a verb.
pub(super) fn man() -> Result<u8, AppError> {
    let lost = |error: std::io::Error| AppError::Bug(format!("the man page: {error}"));
    let mut command = Arguments::command();
    command.build();
    let page = clap_mangen::Man::new(command.clone());
    let mut text = Vec::new();
    page.render_title(&mut text).map_err(lost)?;
    page.render_name_section(&mut text).map_err(lost)?;
    page.render_synopsis_section(&mut text).map_err(lost)?;
    page.render_description_section(&mut text).map_err(lost)?;
    page.render_options_section(&mut text).map_err(lost)?;
    for verb in command.get_subcommands() {
        let name = verb.get_name().to_uppercase();
        text.extend(format!(".SH \"OPTILOOP {name}\"\n").into_bytes());
        let page = clap_mangen::Man::new(verb.clone());
        let mut section = Vec::new();
        page.render_synopsis_section(&mut section).map_err(lost)?;
        page.render_description_section(&mut section).map_err(lost)?;
        page.render_options_section(&mut section).map_err(lost)?;
        // Sections of a verb stand below that of the verb.
        text.extend(String::from_utf8_lossy(&section).replace(".SH ", ".SS ").into_bytes());
    }
    page.render_version_section(&mut text).map_err(lost)?;
    super::print(&String::from_utf8_lossy(&text))?;
    Ok(0)
}
