//! A report as text: JSON, or by a template.
//!
//! Start at [`render`].

use serde::Serialize;

use crate::app::error::AppError;
use crate::app::templates::Templates;

use super::document::Document;
use super::plot;

/// What a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For pull requests and job summaries.
    Markdown,
    /// For programs; `schema/report.schema.json`.
    Json,
    /// One page with plots, which needs nothing else.
    Html,
}

/// What templates get: the document, and the plots made of it.
#[derive(Serialize)]
struct Page<'a> {
    #[serde(flatten)]
    document: &'a Document,
    /// The course of the run.
    course_plot: String,
    /// Plots of HEAD's comparisons with the original.
    head_plots: Vec<String>,
    /// Plots of each proposal's comparisons.
    proposal_plots: Vec<Vec<String>>,
}

/// The report in a format.
pub fn render(document: &Document, format: Format, templates: &Templates) -> Result<String, AppError> {
    match format {
        Format::Markdown => Ok(templates.report("report.md", document)?),
        Format::Json => {
            let text = serde_json::to_string_pretty(document);
            Ok(text.map_err(crate::journal::JournalError::from)? + "\n")
        }
        Format::Html => {
            let plots = |of: &[super::document::Comparison], id: &str| -> Vec<String> {
                of.iter().enumerate().map(|(at, one)| plot::pairs(one, &format!("{id}-{at}"))).collect()
            };
            let proposal_plots = (document.proposals.iter())
                .map(|proposal| plots(&proposal.comparisons, &format!("p{}", proposal.number)));
            let page = Page {
                document,
                course_plot: plot::course(document),
                head_plots: plots(&document.comparisons, "head"),
                proposal_plots: proposal_plots.collect(),
            };
            Ok(templates.report("report.html", page)?)
        }
    }
}
