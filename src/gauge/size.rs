//! The size of what was built: of ELF files the loaded sections with their content, as `strip` would leave them; of
//! others their bytes. No launch is made.
//!
//! By sections and not by file, so that debug information and symbol names are no cost and cannot be traded.

use object::{Object as _, ObjectSection as _, SectionFlags};

use super::{Gauge, Source};
use crate::model::goal::Quantity;

/// The `size` gauge.
#[derive(Debug)]
pub struct Size;

impl Gauge for Size {
    fn name(&self) -> &'static str {
        "size"
    }

    fn quantity(&self) -> Quantity {
        Quantity::Memory
    }

    fn source(&self) -> Source {
        Source::Artifact
    }

    fn reason(&self) -> &'static str {
        "bytes of the loaded sections of what was built, without symbols and debug information; one build a side"
    }
}

/// Bytes of an artifact's files: of the ELF files among them, else of all.
pub fn of<'a>(files: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    let (mut native, mut whole) = (0_u64, 0_u64);
    for file in files {
        whole = whole.saturating_add(file.len() as u64);
        native = native.saturating_add(loaded(file).unwrap_or(0));
    }
    if native > 0 { native } else { whole }
}

/// Bytes of the sections a loader maps from an ELF file; `None` where it is none.
fn loaded(file: &[u8]) -> Option<u64> {
    if !file.starts_with(b"\x7fELF") {
        return None;
    }
    let object = object::File::parse(file).ok()?;
    let mapped = object.sections().filter(|section| match section.flags() {
        SectionFlags::Elf { sh_flags, .. } => sh_flags.0 & object::elf::SHF_ALLOC.0 != 0,
        _ => false,
    });
    Some(mapped.filter_map(|section| section.file_range()).map(|(_, size)| size).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_loader_maps_of_a_native_file_counts() {
        let program = include_bytes!("../../tests/data/gauge/size/program");
        // `size -A` without `.comment`, what is debugging information, and `.bss`, which the file does not hold.
        assert_eq!(of([program.as_slice(), b"a text beside it"]), 2758);
    }

    #[test]
    fn files_of_another_kind_count_by_their_bytes() {
        assert_eq!(of([b"12345".as_slice(), b"678"]), 8);
        assert_eq!(of([b"\x7fELF cut off".as_slice()]), 12);
    }
}
