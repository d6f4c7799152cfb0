//! `init --ci`: jobs for a forge, written as the templates have them.
//!
//! Not here: what the jobs do (`templates/ci`). Start at [`write`].

use std::path::{Path, PathBuf};

use crate::app::error::AppError;
use crate::app::templates::Templates;
use crate::fs;

/// Where the project's pipelines run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forge {
    /// GitHub Actions.
    GitHub,
    /// GitLab CI.
    GitLab,
}

/// The line of the templates that names the folder of the config.
const FOLDER: &str = "OPTILOOP_FOLDER: \".\"";
/// GitLab's own file, which names the others.
const GITLAB: &str = ".gitlab-ci.yml";
const INCLUDE: &str = "include:\n  - local: .gitlab/optiloop.yml\n";

/// Writes the jobs below `top` for a project in `folder`; the lines to print.
pub(super) fn write(
    (top, folder): (&Path, &Path),
    forge: Forge,
    templates: &Templates,
) -> Result<Vec<String>, AppError> {
    let files: &[(&str, &str)] = match forge {
        Forge::GitHub => &[
            ("ci/github-gate.yml", ".github/workflows/optiloop-gate.yml"),
            ("ci/github-nightly.yml", ".github/workflows/optiloop-nightly.yml"),
        ],
        Forge::GitLab => &[("ci/gitlab.yml", ".gitlab/optiloop.yml")],
    };
    let targets: Vec<PathBuf> = files.iter().map(|(_, place)| top.join(place)).collect();
    if let Some(there) = targets.iter().find(|target| target.exists()) {
        return Err(AppError::Usage(format!("{} is there already", there.display())));
    }
    let mut lines = Vec::new();
    for ((name, _), target) in files.iter().zip(&targets) {
        let text = templates.ci(name)?.replace(FOLDER, &named(folder)?);
        fs::create_folder(target.parent().unwrap_or(top))?;
        fs::publish(target, text.as_bytes())?;
        lines.push(format!("Wrote {}.", target.display()));
    }
    match forge {
        Forge::GitHub => lines.push(
            "The nightly job wants the secret OPTILOOP_AGENT_KEY, and that workflows may open pull requests (Settings, \
             Actions, General)."
                .to_owned(),
        ),
        Forge::GitLab => {
            lines.extend(include(top)?);
            lines.push(
                "The nightly job wants a scheduled pipeline with OPTILOOP=nightly, and the variables named in the file."
                    .to_owned(),
            );
        }
    }
    lines
        .push("Commit optiloop.toml with `[target] name` and `goal`: the jobs take both from it.".to_owned());
    Ok(lines)
}

/// The line for a project in this folder. It becomes part of a command, so that only plain names will do.
fn named(folder: &Path) -> Result<String, AppError> {
    let text = folder.to_string_lossy();
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | ' ');
    if !text.chars().all(is_plain) {
        return Err(AppError::Usage(format!(
            "{text:?} is no name for a CI file: letters, digits, `/`, `.`, `_`, `-` and spaces are"
        )));
    }
    Ok(if text.is_empty() { FOLDER.to_owned() } else { format!("OPTILOOP_FOLDER: \"{text}\"") })
}

/// Names the jobs in GitLab's own file where there is none yet; else says how.
fn include(top: &Path) -> Result<Option<String>, AppError> {
    let own = top.join(GITLAB);
    match fs::read_text_if_present(&own)? {
        Some(text) if text.contains(".gitlab/optiloop.yml") => Ok(None),
        Some(_) => {
            Ok(Some(format!("Add to {GITLAB}, whose stages must have `test` and `deploy`:\n{INCLUDE}")))
        }
        None => {
            fs::publish(&own, INCLUDE.as_bytes())?;
            Ok(Some(format!("Wrote {}.", own.display())))
        }
    }
}
