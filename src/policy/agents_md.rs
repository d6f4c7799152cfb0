//! AGENTS.md as policy: fenced ```` ```toml optiloop ```` blocks, and six rules of performance work in prose.
//!
//! Conservative on purpose: a sentence becomes policy only if it is a rule that holds now (imperative or
//! normative, present, not negated away, not hedged, not quoted, no example, no history) and says one of the
//! six things without doubt. All else that speaks of performance is advice for the agent, with its line.
//! Text that is misread as policy can only tighten: strictest wins. Not here: reading files (`app/config`).
//! Start at [`read()`].

mod benchmarks;
mod effect;
mod markdown;
mod mood;
mod practice;
mod profiles;
mod sentence;
// Lists of words: one a line would say nothing more.
#[rustfmt::skip]
mod vocabulary;

use serde::{Deserialize, Serialize};

use super::error::ReadError;
use super::layer::Layer;
use super::origin::{Committed, Origin, Place, Sourced};
use super::read;
use super::resolve::Voice;
use super::table::Table;
use markdown::{Block, Fence};
use sentence::Sentence;

/// One AGENTS.md.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Its path from the repository root.
    pub path: &'a str,
    /// Its text.
    pub text: &'a str,
    /// Whether that text is committed.
    pub committed: Committed,
}

/// What the files say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// One voice for each fenced block and each sentence that became policy.
    pub voices: Vec<Voice>,
    /// The sentences that became policy.
    pub compiled: Vec<Quote>,
    /// Sentences about performance that did not: passed to the agent as advice.
    pub advice: Vec<Quote>,
}

/// A sentence and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The sentence, without its markup.
    pub sentence: String,
    /// Where it begins.
    #[serde(flatten)]
    pub place: Place,
}

/// Reads AGENTS.md files from the root down; an error is a broken fenced block.
pub fn read(files: &[File<'_>]) -> Result<Reading, ReadError> {
    let mut reading = Reading::default();
    for file in files {
        let place = Place { path: file.path.to_owned(), line: 1 };
        let origin = Origin::AgentsMd { place, committed: file.committed };
        for block in markdown::blocks(file.text) {
            match block {
                Block::Fence(fence) => reading.voices.push(fenced(file.path, &fence, &origin)?),
                Block::Prose(prose) => {
                    for sentence in sentence::sentences(&prose) {
                        reading.take(&sentence, &origin, file.path);
                    }
                }
            }
        }
    }
    Ok(reading)
}

impl Reading {
    fn take(&mut self, sentence: &Sentence, origin: &Origin, path: &str) {
        let place = Place { path: path.to_owned(), line: sentence.line };
        let quote = Quote { sentence: sentence.shown(), place };
        let origin = origin.at_line(sentence.line);
        match compile(sentence, &origin) {
            Some(layer) => {
                self.compiled.push(quote);
                self.voices.push(Voice::new(origin, layer));
            }
            None if sentence.concerns_performance() => self.advice.push(quote),
            None => {}
        }
    }
}

/// The policy a sentence states, if it states one without doubt.
fn compile(sentence: &Sentence, origin: &Origin) -> Option<Layer> {
    if !mood::is_a_rule(sentence) {
        return None;
    }
    // A rule is looked for in the whole sentence first, then in each clause of it.
    let clauses = sentence.clauses();
    let parts = || std::iter::once(sentence).chain(&clauses);
    // An exception is part of two rules only: of a limit, and of "never … unless measured".
    let excepted = sentence.says_any(&["unless"]);
    let said = |rule: fn(&Sentence) -> bool| parts().any(rule).then(|| Sourced::new(true, origin.clone()));
    let mut layer = Layer {
        min_effect: parts().find_map(effect::least).map(|ratio| Sourced::new(ratio, origin.clone())),
        measure_first: said(practice::measures_first),
        one_commit: said(practice::commits_apart).filter(|_| !excepted),
        full_suite: said(practice::runs_the_suite).filter(|_| !excepted),
        ..Layer::default()
    };
    let pairs = parts().map(profiles::pairs).find(|pairs| !pairs.is_empty() && !excepted);
    for (work, kind) in pairs.unwrap_or_default() {
        let leaf = match work {
            profiles::Work::Latency => &mut layer.profile_latency,
            profiles::Work::Memory => &mut layer.profile_memory,
            profiles::Work::Contention => &mut layer.profile_contention,
        };
        *leaf = Some(Sourced::new(kind, origin.clone()));
    }
    let protected = parts().find_map(benchmarks::globs).filter(|_| !excepted);
    if let Some(globs) = &protected {
        layer.benchmarks = globs
            .iter()
            .map(|glob| Sourced::new(super::glob::anchored(origin.folder(), glob), origin.clone()))
            .collect();
    }
    // "Never weaken benchmarks" without a glob states what always holds: enforced, though it adds no value.
    (protected.is_some() || layer != Layer::default()).then_some(layer)
}

/// A fenced block: policy keys as in `optiloop.toml`, with or without the `[policy]` header.
fn fenced(path: &str, fence: &Fence, origin: &Origin) -> Result<Voice, ReadError> {
    // Empty lines in front keep every line number that of the file.
    let above = usize::try_from(fence.line.saturating_sub(1)).unwrap_or_default();
    let text = format!("{}{}", "\n".repeat(above), fence.text);
    let mut table = Table::parse(path, &text)?;
    let stated = match table.take("policy") {
        Some(item) => {
            let stated = read::policy(item.table()?, origin)?;
            table.finish()?;
            stated
        }
        None => read::policy(table, origin)?,
    };
    Ok(Voice { origin: origin.at_line(fence.line), preset: stated.preset, layer: stated.layer })
}

#[cfg(test)]
mod tests;
