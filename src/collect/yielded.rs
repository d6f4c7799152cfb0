//! Reading what a plan's acts yielded: the first failure, else the file that was taken last.

use super::{CollectError, Yielded};
use crate::model::command::Finished;

/// Bytes of standard error an error repeats.
const SHOWN: usize = 600;

/// The file a plan ends in. `hint` is asked what a failed command's error output calls for.
pub(super) fn taken<'a>(
    collector: &'static str,
    yielded: &'a [Yielded],
    hint: impl Fn(&Finished, &str) -> Option<String>,
) -> Result<&'a [u8], CollectError> {
    let mut file = None;
    for act in yielded {
        match act {
            Yielded::Ran(finished) if finished.exit.is_success() => {}
            Yielded::Ran(finished) => {
                let text = finished.stderr.text();
                let start = text.char_indices().rev().nth(SHOWN).map_or(0, |(at, _)| at);
                return Err(CollectError::Failed {
                    collector,
                    exit: finished.exit.clone(),
                    output: text[start..].trim().to_owned(),
                    hint: hint(finished, &text),
                });
            }
            Yielded::Took(bytes) => file = Some(bytes.as_slice()),
            Yielded::NotTaken(why) => return Err(CollectError::NoFile { collector, why: why.clone() }),
        }
    }
    file.ok_or_else(|| CollectError::NoFile { collector, why: String::new() })
}
