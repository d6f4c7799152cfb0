//! Parses one generated page, a glossary with many cross references, as often as asked.
//!
//! Usage: `parse_document_bench [ITERATIONS]`; without the argument `OPTILOOP_N`, else 100.

use std::fmt::Write;
use std::hint::black_box;

use wikitree::parse_document;

/// Entries of the glossary.
const ENTRIES: usize = 220;

/// What prose and labels are made of; the first 24 are for labels.
const WORDS: &[&str] = &[
    "amber", "barley", "copper", "dune", "evening", "fern", "garden", "hill", "island", "jade", "kettle",
    "lamp", "meadow", "north", "oak", "pebble", "quarry", "river", "salt", "tide", "upland", "vale",
    "winter", "yew", "and", "the", "of", "in", "by", "a", "to", "is", "as", "on", "we", "it", "or", "at",
];

fn main() {
    let argument = std::env::args().nth(1).or_else(|| std::env::var("OPTILOOP_N").ok());
    let iterations: usize = match argument.as_deref().unwrap_or("100").parse() {
        Ok(iterations) => iterations,
        Err(error) => {
            eprintln!("iterations: {error}");
            std::process::exit(2);
        }
    };
    let page = page();
    let mut blocks = 0;
    for _ in 0..iterations {
        blocks += black_box(parse_document(black_box(&page))).blocks.len();
    }
    let text = parse_document(&page).text();
    println!("checksum {:016x} {blocks}", fnv1a(text.as_bytes()));
}

/// The page: an entry is a heading, prose with references, now and then a list, a quotation or code.
fn page() -> String {
    let mut random = Random(0x5eed);
    let mut page = String::from("# Glossary\n\n");
    for entry in 0..ENTRIES {
        let _ = writeln!(page, "## {}\n", label(entry));
        for sentence in 0..3 {
            random.words(&mut page, 9);
            let _ = match sentence {
                0 => write!(page, " *{}* [{}]", random.word(), label(random.below(ENTRIES))),
                1 => write!(page, " &mdash; **{}** [there][{}]", random.word(), label(random.below(ENTRIES))),
                _ => {
                    let (note, other) = (random.below(ENTRIES / 6), label(random.below(ENTRIES)));
                    write!(page, " R&amp;D `{}` [^{note}], see [{other}]", random.word())
                }
            };
            page.push_str(".\n");
        }
        page.push('\n');
        match entry % 5 {
            0 | 3 => {
                for _ in 0..3 {
                    page.push_str("- ");
                    random.words(&mut page, 14);
                    page.push('\n');
                }
            }
            2 => {
                page.push_str("> ");
                random.words(&mut page, 20);
                page.push_str(" \\[sic\\]\n");
            }
            4 => page.push_str("```text\nlet it = be;\n```\n"),
            _ => {}
        }
        page.push('\n');
    }
    for entry in 0..ENTRIES {
        let _ = writeln!(page, "[{}]: https://example.org/wiki/{entry}", label(entry));
    }
    for note in 0..ENTRIES / 6 {
        let _ = write!(page, "[^{note}]: ");
        random.words(&mut page, 5);
        page.push('\n');
    }
    page
}

/// The name of an entry.
fn label(entry: usize) -> String {
    format!("{} {} {entry}", WORDS[entry % 24], WORDS[entry / 24 % 24])
}

/// A linear congruential generator (Knuth, MMIX).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn word(&mut self) -> &'static str {
        WORDS[self.below(WORDS.len())]
    }

    fn words(&mut self, out: &mut String, count: usize) {
        for at in 0..count {
            if at > 0 {
                out.push(' ');
            }
            out.push_str(self.word());
        }
    }
}

fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
