//! The rules over names, sizes and texts. Each returns its breaches as `path:line: what`.

use crate::house::{File, House};
use crate::law;
use crate::source::{Named, paths, tokens};

/// What a file names. A module it declares hides a crate of the same name.
fn named(file: &File) -> Vec<Named> {
    let tokens = tokens(&file.text);
    let declared: Vec<&str> =
        tokens.windows(2).filter(|two| two[0].text == "mod").map(|two| two[1].text.as_str()).collect();
    let mut named = paths(&tokens);
    named.retain(|named| !declared.contains(&named.path.split("::").next().unwrap_or_default()));
    named
}

/// The top-level module a path leads into, for a file of `own`. `super` climbs too far only where it lands on
/// a module of the house that is none of the file's own.
fn target<'a>(house: &House, own: &str, path: &'a str) -> Option<&'a str> {
    let mut segments = path.split("::");
    match segments.next()? {
        "crate" => segments.next(),
        "super" => {
            let name = path.split("::").find(|segment| *segment != "super")?;
            let of_house = law::EDGES.iter().any(|(module, _)| *module == name);
            let inside = format!("src/{own}/");
            let is_own = house.files.iter().any(|file| {
                let own = file.path.strip_prefix(&inside).unwrap_or_default();
                own.split('/').any(|part| part.strip_suffix(".rs").unwrap_or(part) == name)
            });
            (of_house && !is_own && name != own).then_some(name)
        }
        _ => None,
    }
}

pub(crate) fn edges(house: &House) -> Vec<String> {
    let mut breaches = Vec::new();
    for (file, own) in house.sources() {
        let allowed = law::EDGES.iter().find(|(module, _)| *module == own).map_or(&[][..], |(_, to)| to);
        for named in named(file) {
            let Some(to) = target(house, own, &named.path) else { continue };
            let of_house = law::EDGES.iter().any(|(module, _)| *module == to);
            let excepted =
                law::EXCEPTIONS.iter().any(|(path, more)| *path == file.path && more.contains(&to));
            if of_house && to != own && !allowed.contains(&to) && !excepted {
                breaches.push(format!(
                    "{}:{}: {own} may not name {to} (`{}`)",
                    file.path, named.line, named.path
                ));
            }
        }
    }
    breaches
}

pub(crate) fn unknown_modules(house: &House) -> Vec<String> {
    let mut unknown: Vec<String> = (house.sources())
        .filter(|(_, own)| !law::EDGES.iter().any(|(module, _)| module == own))
        .map(|(file, own)| format!("{}: module {own} is not in the law", file.path))
        .collect();
    unknown.dedup();
    unknown
}

pub(crate) fn crates(house: &House) -> Vec<String> {
    let mut breaches = Vec::new();
    for (file, _) in house.sources() {
        for named in named(file) {
            let head = named.path.split("::").next().unwrap_or_default();
            let Some((_, homes)) = law::CRATES.iter().find(|(name, _)| *name == head) else { continue };
            let home = |home: &&str| {
                file.path.starts_with(&format!("src/{home}/")) || file.path == format!("src/{home}.rs")
            };
            if !homes.iter().any(home) {
                let homes = homes.join(", ");
                breaches.push(format!(
                    "{}:{}: {head} is named only in {homes} (`{}`)",
                    file.path, named.line, named.path
                ));
            }
        }
    }
    breaches
}

pub(crate) fn purity(house: &House) -> Vec<String> {
    let mut breaches = Vec::new();
    for (file, own) in house.sources().filter(|(_, own)| law::PURE.contains(own)) {
        for named in named(file) {
            let within =
                |place: &&&str| named.path == **place || named.path.starts_with(&format!("{place}::"));
            let asks = |now: &&&str| named.path.ends_with(**now);
            if law::WORLDLY.iter().any(|place| within(&place)) || law::NOW.iter().any(|now| asks(&now)) {
                breaches
                    .push(format!("{}:{}: {own} is pure and names `{}`", file.path, named.line, named.path));
            }
        }
    }
    breaches
}

pub(crate) fn handed_on(house: &House) -> Vec<String> {
    let mut breaches = Vec::new();
    for (file, own) in house.sources() {
        for named in named(file).into_iter().filter(|named| named.handed_on) {
            if let Some(to) = target(house, own, &named.path).filter(|to| *to != own) {
                breaches
                    .push(format!("{}:{}: {own} hands on `{}` of {to}", file.path, named.line, named.path));
            }
        }
    }
    breaches
}

fn lines(file: &File) -> usize {
    file.text.lines().count()
}

pub(crate) fn median(house: &House) -> usize {
    let mut sizes: Vec<usize> = house.sources().map(|(file, _)| lines(file)).collect();
    sizes.sort_unstable();
    sizes.get(sizes.len() / 2).copied().unwrap_or(0)
}

pub(crate) fn long(house: &House) -> Vec<(&str, usize)> {
    let mut long: Vec<(&str, usize)> = house.rust().map(|file| (file.path.as_str(), lines(file))).collect();
    long.retain(|(_, lines)| *lines > law::SOFT_LINES);
    long.sort_by_key(|(_, lines)| std::cmp::Reverse(*lines));
    long
}

pub(crate) fn sizes(house: &House) -> Vec<String> {
    let mut breaches = Vec::new();
    for file in house.rust() {
        let cap = match file.path.as_str() {
            "src/main.rs" => law::MAIN_LINES - 1,
            path if path.starts_with("src/") && path.ends_with("/mod.rs") => law::MOD_LINES - 1,
            _ => law::HARD_LINES,
        };
        if lines(file) > cap {
            breaches.push(format!("{}: {} lines, at most {cap}", file.path, lines(file)));
        }
    }
    if median(house) >= law::MEDIAN_LINES {
        breaches.push(format!(
            "src: half of the files have {} lines or more, fewer than {}",
            median(house),
            law::MEDIAN_LINES
        ));
    }
    breaches
}

pub(crate) fn openings(house: &House) -> Vec<String> {
    let opens = |file: &File| file.text.trim_start().starts_with("//!");
    house
        .rust()
        .filter(|file| !opens(file))
        .map(|file| format!("{}: does not open with `//!`", file.path))
        .collect()
}

pub(crate) fn names(house: &House) -> Vec<String> {
    let empty = |file: &File| {
        let stem = file.path.strip_suffix(".rs").unwrap_or(&file.path);
        stem.split('/').skip(1).any(|part| part.split('_').any(|word| law::EMPTY_NAMES.contains(&word)))
    };
    house
        .rust()
        .filter(|file| empty(file))
        .map(|file| format!("{}: its name says nothing", file.path))
        .collect()
}

pub(crate) fn machine_paths(house: &House) -> Vec<String> {
    let here = env!("CARGO_MANIFEST_DIR");
    // A path of more than one folder names a machine; `/src` alone might be anybody's.
    let here = (here.matches('/').count() > 1).then_some(here);
    let mut breaches = Vec::new();
    for file in house.files.iter().filter(|file| !file.path.starts_with("tests/architecture/")) {
        for (at, line) in file.text.lines().enumerate() {
            let names = |path: &&&str| {
                line.match_indices(**path)
                    .any(|(start, _)| !line[..start].ends_with(|c: char| c.is_alphanumeric() || c == '.'))
            };
            if let Some(path) = law::MACHINE_PATHS.iter().chain(&here).find(|path| names(path)) {
                breaches.push(format!("{}:{}: names `{path}`", file.path, at + 1));
            }
        }
    }
    breaches
}
