//! Code identity (decision.md A.13): whether two builds load the same machine code and data.
//!
//! Pure over bytes. Equal code alone is not enough (a changed constant table can halve the work), so every
//! loaded section must be equal but for build ids and Go's line table.

use object::{Object as _, ObjectSection as _, SectionFlags};

/// Sections that differ between builds of one source.
const IGNORED: &[&str] = &[".note.gnu.build-id", ".note.go.buildid", ".gopclntab"];
/// The flag of an ELF section that is loaded.
const ALLOCATED: u64 = 2;

/// Whether both files load the same; `None` unless both are ELF.
pub fn same(base: &[u8], candidate: &[u8]) -> Option<bool> {
    if base == candidate {
        return Some(true);
    }
    let (base, candidate) = (object::File::parse(base).ok()?, object::File::parse(candidate).ok()?);
    Some(loaded(&base)? == loaded(&candidate)?)
}

/// Name, address, size and bytes of a section.
type Section<'a> = (String, u64, u64, &'a [u8]);

/// Every loaded section.
fn loaded<'a>(file: &'a object::File<'a>) -> Option<Vec<Section<'a>>> {
    let mut sections = Vec::new();
    for section in file.sections() {
        let SectionFlags::Elf { sh_flags, .. } = section.flags() else { return None };
        let name = section.name().ok()?.to_owned();
        if sh_flags.0 & ALLOCATED == 0 || IGNORED.contains(&name.as_str()) {
            continue;
        }
        sections.push((name, section.address(), section.size(), section.data().ok()?));
    }
    Some(sections)
}
