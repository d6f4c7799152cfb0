//! One interned profile model, a file per format that is read into it, and what the loop asks of it.
//!
//! A profile is weighted stacks: [`Profile`] is the one type every format becomes and every analysis starts
//! from. Formats are pure readers of bytes; they collect nothing (`collect` plans that). Start at [`read`],
//! then [`hotspots::find`] for the brief and [`change::compare`] for what changed.

pub mod change;
pub mod hotspots;
pub mod model;
pub mod perf_script;
pub mod pprof;
pub mod project;
mod wire;

use crate::model::parse::ParseError;
use model::Profile;

/// One profile format.
pub trait Format: Sync {
    /// Its name, equal to its file's name.
    fn name(&self) -> &'static str;

    /// Whether the content looks like this format; cheap, from the first bytes.
    fn detects(&self, bytes: &[u8]) -> bool;

    /// Reads it: any bytes in, a profile or an error with a position out, in bounded memory.
    fn read(&self, bytes: &[u8]) -> Result<Profile, ParseError>;
}

/// Every format; a test compares it with this folder.
pub static FORMATS: &[&dyn Format] = &[&pprof::Pprof, &perf_script::PerfScript];

/// Reads a profile of any known format, told by its content and never by its name.
pub fn read(bytes: &[u8]) -> Result<Profile, ParseError> {
    if let Some(format) = FORMATS.iter().find(|format| format.detects(bytes)) {
        return format.read(bytes);
    }
    let tried: Vec<&str> = FORMATS.iter().map(|format| format.name()).collect();
    Err(ParseError::byte("profile", 0, format!("no known format; tried {}", tried.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_told_by_its_content() {
        let format = |bytes: &[u8]| {
            FORMATS
                .iter()
                .filter(|format| format.detects(bytes))
                .map(|format| format.name())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(format(include_bytes!("../../tests/data/profile/pprof/cpu.pprof")), "pprof");
        assert_eq!(format(include_bytes!("../../tests/data/profile/pprof/heap-plain.pprof")), "pprof");
        assert_eq!(format(include_bytes!("../../tests/data/profile/perf_script/inlined.txt")), "perf_script");
        let error = read(b"main;parse 12\n").unwrap_err();
        assert_eq!(error.to_string(), "profile: byte 0: no known format; tried pprof, perf_script");
    }
}
