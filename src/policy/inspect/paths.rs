//! Paths and kinds of entry no proposal may bring: bad names, links out, submodules, filtered content.

use crate::model::change::{EntryKind, Filtered, PathChange, Side, TreePath};
use crate::model::verdict::Rejection;

/// Why a path is refused whatever stands in it.
pub(super) fn refuse(changed: &PathChange) -> Option<Rejection> {
    let path = || changed.path.clone();
    let kind = |side: &Option<Side>| side.as_ref().map(|side| side.kind);
    if is_bad(changed) {
        return Some(Rejection::BadPath { path: path() });
    }
    if [kind(&changed.before), kind(&changed.after)].contains(&Some(EntryKind::Gitlink)) {
        return Some(Rejection::Gitlink { path: path() });
    }
    if let Some(side) = changed.after.as_ref().filter(|side| side.kind == EntryKind::Link) {
        let target = side.content.as_deref().unwrap_or_default();
        if leads_out(&changed.path, target) {
            let to = String::from_utf8_lossy(target).chars().take(200).collect();
            return Some(Rejection::LinkOut { path: path(), to });
        }
    }
    match changed.filtered {
        Filtered::Yes => Some(Rejection::FilteredPath { path: path() }),
        Filtered::No => None,
    }
}

/// A name another system cannot hold or would take for something else. Odd names the base has already are
/// the project's own affair; a `.git` never is.
fn is_bad(changed: &PathChange) -> bool {
    let bytes = changed.path.bytes();
    if bytes.split(|&byte| byte == b'/').any(|component| is_git(component) || component.is_empty()) {
        return true;
    }
    let added = changed.before.is_none();
    match std::str::from_utf8(bytes) {
        Ok(text) => added && text.chars().any(char::is_control),
        Err(_) => added,
    }
}

/// Whether a file system might take a component for `.git`, `.` or `..`: case, trailing dots and blanks
/// (Windows), `git~1` (short names) and invisible characters (HFS+), as git's `verify_path` has it.
fn is_git(component: &[u8]) -> bool {
    let text = String::from_utf8_lossy(component);
    let visible: String = text.chars().filter(|c| !is_ignorable(*c)).collect();
    let trimmed = visible.trim_end_matches([' ', '.']).to_ascii_lowercase();
    let stream = trimmed.split(':').next().unwrap_or_default();
    stream == ".git" || stream == "git~1" || visible == "." || visible == ".."
}

fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}')
}

/// Whether a link may lead out of the tree. Only leading `..` are counted: after a name, which may be a
/// link itself, `..` is no longer where the text says.
fn leads_out(link: &TreePath, target: &[u8]) -> bool {
    if target.is_empty() || target.starts_with(b"/") || target.contains(&0) {
        return true;
    }
    let mut depth = link.bytes().split(|&byte| byte == b'/').count() - 1;
    let mut named = false;
    for component in target.split(|&byte| byte == b'/') {
        match component {
            b"" | b"." => {}
            b".." if named || depth == 0 => return true,
            b".." => depth -= 1,
            name if is_git(name) => return true,
            _ => named = true,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_stays_in_the_tree_or_leads_out() {
        for (link, target, out) in [
            ("a/l", "b", false),
            ("a/l", "../b", false),
            ("a/b/l", "../../c/d", false),
            ("a/l", "./b/./c", false),
            ("l", "../b", true),
            ("a/l", "../../b", true),
            ("a/l", "/etc/passwd", true),
            ("l", "x/../y", true),
            ("l", "x/../../y", true),
            ("l", ".git/config", true),
            ("a/l", "../.GIT/hooks", true),
            ("l", "", true),
        ] {
            assert_eq!(leads_out(&TreePath::new(link), target.as_bytes()), out, "{link} -> {target}");
        }
    }

    #[test]
    fn what_a_file_system_takes_for_git_is_git() {
        for name in
            [".git", ".GIT", ".Git", ".git.", ".git ", "git~1", "GIT~1", ".g\u{200c}it", ".git::$INDEX", ".."]
        {
            assert!(is_git(name.as_bytes()), "{name:?}");
        }
        for name in [".github", ".gitignore", "git", "x.git", "git~10", "..."] {
            assert!(!is_git(name.as_bytes()), "{name:?}");
        }
    }
}
