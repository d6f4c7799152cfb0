//! Texts that agents and readers of the history see: templates, embedded.
//!
//! Start at [`brief`] and [`commit_message`].

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, context};

use crate::engine::brief::Brief;
use crate::engine::record::Landing;
use crate::engine::words;

use super::report::line::first_line;

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    // The built-in delimiters cannot fail to build; lines that hold only a tag leave no empty line behind.
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        environment.set_syntax(syntax);
    }
    environment.add_filter("percent", |ratio: f64| format!("{:.1}", 100.0 * ratio));
    environment
}

/// What the agent is told.
pub fn brief(brief: &Brief) -> Result<String, minijinja::Error> {
    environment().render_str(include_str!("../../templates/brief.md"), context! { brief => Serde(brief) })
}

/// Subject, body and trailers of a landing.
pub fn commit_message(landing: &Landing) -> Result<String, minijinja::Error> {
    let subject = match first_line(&landing.hypothesis) {
        line if line.is_empty() => format!("{}: make it cheaper", landing.target),
        line => line.chars().take(72).collect(),
    };
    let effect = words::effect(&landing.effect);
    // Trailers are one line each: what came from outside must not begin another.
    let stamps: Vec<(String, String)> = landing
        .stamps
        .iter()
        .map(|(key, value)| (key.replace(' ', "-"), value.replace(['\n', '\r'], " ")))
        .collect();
    let template = include_str!("../../templates/commit.txt");
    environment().render_str(template, context! { landing => Serde(landing), subject, effect, stamps })
}
