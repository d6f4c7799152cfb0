//! Texts for agents, commits and repositories: templates are data, embedded and overridable file by file.
//!
//! Not here: what is said in them (`engine::brief`, `engine::landing`). Start at [`Templates`].

use std::path::{Path, PathBuf};

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

use crate::engine::brief::Brief;
use crate::engine::record::Landing;
use crate::engine::words;
use crate::fs::{self, PathError};

use super::report::safe;
use super::reporter::amounts::brief as brief_line;

/// The templates by file name.
const EMBEDDED: &[(&str, &str)] = &[
    ("brief.md", include_str!("../../templates/brief.md")),
    ("commit.txt", include_str!("../../templates/commit.txt")),
    ("optiloop.toml", include_str!("../../templates/optiloop.toml")),
    ("agents_block.md", include_str!("../../templates/agents_block.md")),
    ("report.md", include_str!("../../templates/report.md")),
    ("report.html", include_str!("../../templates/report.html")),
];

/// Files that are written as they are: what they name in braces is not ours to fill in.
const VERBATIM: &[(&str, &str)] = &[
    ("ci/github-gate.yml", include_str!("../../templates/ci/github-gate.yml")),
    ("ci/github-nightly.yml", include_str!("../../templates/ci/github-nightly.yml")),
    ("ci/gitlab.yml", include_str!("../../templates/ci/gitlab.yml")),
];

/// A template that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// It is no template, or names what there is not.
    #[error("template {name} cannot be rendered: {reason}")]
    Render {
        /// Its file name.
        name: String,
        /// What the renderer said, with the line.
        reason: String,
    },
    /// The folder of overrides is not there.
    #[error("the folder of templates {} is not there", folder.display())]
    NoFolder {
        /// As it was named.
        folder: PathBuf,
    },
    /// An overriding file cannot be read.
    #[error(transparent)]
    File(#[from] PathError),
}

/// The templates in force.
#[derive(Debug, Clone)]
pub struct Templates {
    environment: Environment<'static>,
    folder: Option<PathBuf>,
}

impl Templates {
    /// Ours, each replaced by the file of the same name in `folder` where one is named and has it.
    pub fn open(folder: Option<&Path>) -> Result<Self, TemplateError> {
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            return Err(TemplateError::NoFolder { folder: folder.to_owned() });
        }
        let mut environment = Environment::new();
        // The built-in delimiters cannot fail to build; a line that holds only a tag leaves no empty line behind.
        if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
            environment.set_syntax(syntax);
        }
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        // A page is escaped as a whole; what is marked as safe there is drawn by us, or was escaped before.
        environment.set_auto_escape_callback(|name| match name.rsplit_once('.') {
            Some((_, "html")) => AutoEscape::Html,
            _ => AutoEscape::None,
        });
        environment.set_formatter(|out, state, value| match (state.auto_escape(), value.as_str()) {
            (AutoEscape::Html, Some(text)) if !value.is_safe() => Ok(out.write_str(&safe::html(text))?),
            _ => minijinja::escape_formatter(out, state, value),
        });
        environment.add_filter("percent", |ratio: f64| format!("{:.1} %", 100.0 * ratio));
        environment.add_filter("toml", |value: minijinja::value::Value| as_toml(&value));
        environment.add_filter("signed", words::signed);
        environment.add_filter("line", |text: String| one_line(&text));
        environment.add_filter("brief", |text: String| brief_line(&text));
        environment.add_filter("md", |text: String| safe::markdown(&text));
        environment.add_filter("code", |text: String| safe::code(&text));
        for (name, embedded) in EMBEDDED {
            let own =
                folder.map(|folder| fs::read_text_if_present(&folder.join(name))).transpose()?.flatten();
            let text = own.unwrap_or_else(|| (*embedded).to_owned());
            environment.add_template_owned(*name, text).map_err(|error| failed(name, &error))?;
        }
        Ok(Self { environment, folder: folder.map(Path::to_owned) })
    }

    /// The brief as an agent reads it.
    pub fn brief(&self, brief: &Brief) -> Result<String, TemplateError> {
        self.render("brief.md", brief)
    }

    /// The message of the commit that lands.
    pub fn commit_message(&self, landing: &Landing) -> Result<String, TemplateError> {
        let subject = subject(landing);
        let stamps: Vec<(String, String)> =
            landing.stamps.iter().map(|(key, value)| (trailer_key(key), one_line(value))).collect();
        let context = CommitContext {
            body: body(&landing.hypothesis, &subject),
            subject,
            effect: words::effect(&landing.effect),
            pairs: landing.effect.n,
            level: level(landing.effect.level),
            agent: co_author(&landing.agent),
            stamps,
            landing,
        };
        self.render("commit.txt", context)
    }

    /// The config that `init` writes.
    pub fn config(&self, found: &impl Serialize) -> Result<String, TemplateError> {
        self.render("optiloop.toml", found)
    }

    /// A file of `ci/` as it is.
    pub fn ci(&self, name: &str) -> Result<String, TemplateError> {
        let own = self.folder.as_deref().map(|folder| fs::read_text_if_present(&folder.join(name)));
        let embedded = VERBATIM.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
        let unknown = || TemplateError::Render { name: name.to_owned(), reason: "there is none".to_owned() };
        own.transpose()?.flatten().or(embedded).ok_or_else(unknown)
    }

    /// The block for AGENTS.md that `init` prints.
    pub fn agents_block(&self) -> Result<String, TemplateError> {
        self.render("agents_block.md", ())
    }

    /// A report by the template of this name.
    pub fn report(&self, name: &str, context: impl Serialize) -> Result<String, TemplateError> {
        self.render(name, context)
    }

    fn render(&self, name: &str, context: impl Serialize) -> Result<String, TemplateError> {
        let template = self.environment.get_template(name).map_err(|error| failed(name, &error))?;
        template.render(minijinja::value::Serde(context)).map_err(|error| failed(name, &error))
    }
}

/// A text, number or list as TOML writes it.
fn as_toml(value: &minijinja::value::Value) -> Result<String, minijinja::Error> {
    let unfit = |error: toml::ser::Error| {
        minijinja::Error::new(minijinja::ErrorKind::BadSerialization, error.to_string())
    };
    Ok(toml::Value::try_from(value).map_err(unfit)?.to_string())
}

#[derive(Serialize)]
struct CommitContext<'a> {
    subject: String,
    body: String,
    effect: String,
    pairs: usize,
    level: String,
    agent: String,
    stamps: Vec<(String, String)>,
    landing: &'a Landing,
}

fn failed(name: &str, error: &minijinja::Error) -> TemplateError {
    TemplateError::Render { name: name.to_owned(), reason: error.to_string() }
}

/// The first line of the hypothesis where it fits a subject, else what was made cheaper.
fn subject(landing: &Landing) -> String {
    let first = landing.hypothesis.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let first = one_line(first.trim_end_matches('.'));
    if first.is_empty() || first.chars().count() > 72 {
        format!("Make {} cheaper", one_line(&landing.target))
    } else {
        first
    }
}

/// The hypothesis, unless the subject says all of it. An agent's words must not look like trailers, so each
/// line is indented.
fn body(hypothesis: &str, subject: &str) -> String {
    let lines: Vec<String> = hypothesis.lines().map(one_line).collect();
    let text = lines.join("\n");
    if text.trim().trim_end_matches('.') == subject {
        return String::new();
    }
    lines.iter().map(|line| format!("    {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// A trailer's key: words joined by dashes.
fn trailer_key(key: &str) -> String {
    key.split_whitespace().collect::<Vec<_>>().join("-")
}

fn co_author(agent: &str) -> String {
    let name: String = one_line(agent).chars().filter(|c| !"<>".contains(*c)).collect();
    format!("{name} <agent@optiloop.invalid>")
}

/// Everything on one line, without control characters.
fn one_line(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn level(level: f64) -> String {
    let percent = (1000.0 * level).round() / 10.0;
    format!("{percent} %")
}

#[cfg(test)]
mod tests;
