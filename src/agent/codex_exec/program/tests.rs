//! Layouts npm makes, with small files in place of the program.

use super::*;

fn file(path: &Path) -> PathBuf {
    fs::create_folder(path.parent().unwrap()).unwrap();
    fs::replace(path, b"#!/bin/sh\n").unwrap();
    path.canonicalize().unwrap()
}

#[test]
fn the_native_program_is_found_behind_npms_script() {
    let platform = format!("codex-{}-{}", os(), architecture());
    for native_at in [
        format!("node_modules/@openai/{platform}/vendor/some-triple/bin/codex"),
        format!("node_modules/@openai/codex/node_modules/@openai/{platform}/vendor/some-triple/bin/codex"),
        "node_modules/@openai/codex/vendor/some-triple/codex/codex".to_owned(),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let wanted = file(&folder.path().join(&native_at));
        file(&folder.path().join("node_modules/@openai/codex-plan9-x64/vendor/t/bin/codex"));
        let script = file(&folder.path().join("node_modules/@openai/codex/bin/codex.js"));
        let link = folder.path().join("node_modules/.bin/codex");
        fs::create_folder(link.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(script, &link).unwrap();
        assert_eq!(native(&link), wanted, "{native_at}");
    }
}

#[test]
fn a_script_with_nothing_behind_it_and_a_plain_program_stand_for_themselves() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["lib/bin/codex.js", "bin/codex"] {
        let path = file(&folder.path().join(name));
        assert_eq!(native(&path), path);
    }
}

#[test]
fn a_program_is_looked_up_in_absolute_folders_of_the_path_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder.path().join("codex"));
    let paths = format!("relative:/nowhere:{}", path.parent().unwrap().display());
    assert_eq!(look_up("codex", &paths), Some(path.clone()));
    assert_eq!(look_up("codex", "relative:"), None);
    assert_eq!(look_up(&path.to_string_lossy(), ""), Some(path));
    assert_eq!(look_up("/nowhere/codex", "/usr/bin"), None);
}
