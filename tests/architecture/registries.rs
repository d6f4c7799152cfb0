//! Registries against their folders and against the captured data they demand.

use crate::house::House;
use crate::law;
use crate::source::{Token, branches, closing, tokens};

/// A `static NAME: &[…] = &[…]` in a `mod.rs`, with the module of each entry.
#[derive(Debug, PartialEq)]
pub(crate) struct Registry {
    pub(crate) name: String,
    pub(crate) folder: String,
    pub(crate) entries: Vec<String>,
}

/// Every registry of the house: a static slice in a `mod.rs` whose entries are paths into its folder.
pub(crate) fn registries(house: &House) -> Vec<Registry> {
    let mut found = Vec::new();
    for (file, _) in house.sources() {
        let Some(folder) = file.path.strip_suffix("/mod.rs") else { continue };
        let tokens = tokens(&file.text);
        for at in 0..tokens.len() {
            if let Some((name, entries)) = slice(&tokens[at..]) {
                found.push(Registry { name, folder: folder.to_owned(), entries });
            }
        }
    }
    found
}

/// `static NAME: &[…] = &[&a::A, b::B];` at the start of these tokens.
fn slice(tokens: &[Token]) -> Option<(String, Vec<String>)> {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    if text(0) != "static" || text(2) != ":" || text(3) != "&" || text(4) != "[" {
        return None;
    }
    let equals = closing(tokens, 4) + 1;
    if text(equals) != "=" || text(equals + 1) != "&" || text(equals + 2) != "[" {
        return None;
    }
    let inside = &tokens[equals + 3..closing(tokens, equals + 2)];
    let mut entries = Vec::new();
    for entry in branches(inside) {
        let words: Vec<&str> =
            entry.iter().map(|token| token.text.as_str()).filter(|text| *text != "&").collect();
        // An entry that is no path into a module makes this some other slice.
        match words.as_slice() {
            [module, "::", ..] => entries.push((*module).to_owned()),
            _ => return None,
        }
    }
    entries.sort();
    entries.dedup();
    (!entries.is_empty()).then(|| (text(1).to_owned(), entries))
}

pub(crate) fn against_folders(house: &House) -> Vec<String> {
    let mut breaches = Vec::new();
    for Registry { name, folder, entries } in registries(house) {
        let beside = law::BESIDE
            .iter()
            .find(|(at, _)| format!("src/{at}") == folder)
            .map_or(&[][..], |(_, names)| names);
        let modules = house.modules_in(&folder);
        for entry in entries.iter().filter(|entry| !modules.contains(entry)) {
            breaches.push(format!("{folder}: {name} names {entry}, which is no file there"));
        }
        for module in
            modules.iter().filter(|module| !entries.contains(module) && !beside.contains(&module.as_str()))
        {
            breaches.push(format!(
                "{folder}/{module}: is neither in {name} nor named as standing beside it in the law"
            ));
        }
    }
    breaches
}

pub(crate) fn against_data(house: &House) -> Vec<String> {
    let mut breaches = Vec::new();
    for registry in registries(house) {
        let Some((_, kind)) = law::CAPTURED.iter().find(|(name, _)| *name == registry.name) else { continue };
        for entry in &registry.entries {
            let folder = format!("tests/data/{kind}/{entry}");
            let captured = house.files.iter().any(|file| {
                file.path
                    .strip_prefix(&folder)
                    .is_some_and(|rest| rest.starts_with('/') && rest != "/README.md")
            });
            if !captured {
                breaches.push(format!("{folder}: holds no captured data"));
            }
            match house.file(&format!("{folder}/README.md")) {
                None => breaches.push(format!("{folder}/README.md: is missing: tool, version, command")),
                Some(readme) if !tells_origin(&readme.text) => {
                    breaches.push(format!("{}: names no version or no command", readme.path));
                }
                Some(_) => {}
            }
        }
    }
    breaches
}

/// A version has a digit, a point and a digit; a command stands in code.
fn tells_origin(readme: &str) -> bool {
    let characters: Vec<char> = readme.chars().collect();
    let version = characters
        .windows(3)
        .any(|three| three[0].is_ascii_digit() && three[1] == '.' && three[2].is_ascii_digit());
    version && (readme.contains('`') || readme.contains("\n    "))
}
