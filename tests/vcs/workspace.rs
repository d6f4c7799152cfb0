//! Workspaces: what a switch writes, keeps and removes, and what is taken.

use optiloop::model::change::{EntryKind, TreePath};
use optiloop::model::id::TreeId;
use optiloop::vcs::NewFile;
use optiloop::vcs::store::Store;
use optiloop::vcs::workspace::Workspace;

use crate::fixture::{
    Place, bytes_path, make_folder, make_pipe, names, paths, read, remove, set_mode, text, times, write,
};

/// What is done to a workspace's folder.
type Act<'a> = &'a dyn Fn(&std::path::Path);

fn file(path: &[u8], content: &str) -> NewFile {
    NewFile { path: TreePath::new(path), kind: EntryKind::File, content: content.into() }
}

fn ready(place: &Place) -> (Store, Workspace, TreeId) {
    let (store, tree) = (place.store(), place.head_tree());
    let workspace = place.workspace(&store, "candidate");
    workspace.switch(tree).unwrap();
    (store, workspace, tree)
}

#[test]
fn a_switch_writes_only_what_differs() {
    let place = Place::new();
    let (store, workspace, tree) = ready(&place);
    write(&workspace.folder().join("target/out"), b"built");
    let before = times(workspace.folder());
    let other =
        store.lay_over(tree, &[file(b"src/b.rs", "fn other() {}\n"), file(b"new/file", "x")]).unwrap();
    let other = store.without(other, &paths(&["run.sh"])).unwrap();
    let switched = workspace.switch(other).unwrap();
    assert_eq!(
        (names(&switched.written), names(&switched.removed)),
        (vec!["new/file".into(), "src/b.rs".into()], vec!["run.sh".into()])
    );
    let after = times(workspace.folder());
    let kept: Vec<&String> = before.keys().filter(|path| before.get(*path) == after.get(*path)).collect();
    assert_eq!(kept, [".gitignore", "a.txt", "link", "target/out"]);
    assert_eq!(workspace.verify(other).unwrap(), []);
    workspace.switch(tree).unwrap();
    assert!(!workspace.folder().join("new").exists());
    assert!(!workspace.folder().join(".git").exists());
}

#[test]
fn a_switch_to_what_is_there_writes_nothing() {
    let place = Place::new();
    let (_, workspace, tree) = ready(&place);
    let before = times(workspace.folder());
    assert_eq!(workspace.switch(tree).unwrap().written, []);
    assert_eq!(times(workspace.folder()), before);
}

#[test]
fn a_switch_writes_through_no_link_that_was_put_in_the_place_of_a_file_or_of_the_folder() {
    let place = Place::new();
    let (_, workspace, tree) = ready(&place);
    let outside = place.path("outside");
    write(&outside.join("a.txt"), b"theirs");
    let (folder, theirs) = (workspace.folder(), outside.join("a.txt"));
    let acts: &[&dyn Fn()] = &[
        &|| std::os::unix::fs::symlink(&theirs, folder.join("a.txt")).unwrap(),
        &|| std::fs::hard_link(&theirs, folder.join("a.txt")).unwrap(),
        &|| {
            remove(folder);
            std::os::unix::fs::symlink(&outside, folder).unwrap();
        },
    ];
    for act in acts {
        remove(&folder.join("a.txt"));
        act();
        workspace.switch(tree).unwrap();
        assert_eq!(read(&theirs), "theirs");
        assert_eq!(workspace.verify(tree).unwrap(), []);
    }
}

#[test]
fn a_folder_that_was_replaced_by_a_link_is_taken_as_empty() {
    let place = Place::new();
    let (store, workspace, tree) = ready(&place);
    write(&place.path("outside/secret"), b"theirs");
    remove(workspace.folder());
    std::os::unix::fs::symlink(place.path("outside"), workspace.folder()).unwrap();
    let taken = workspace.take(tree).unwrap();
    assert_eq!(store.paths(taken.tree).unwrap(), []);
}

#[test]
fn whatever_was_done_to_the_files_a_switch_restores_them() {
    let place = Place::new();
    let (_, workspace, tree) = ready(&place);
    let acts: &[(&str, Act<'_>)] = &[
        ("edited", &|root| write(&root.join("a.txt"), b"ONE\ntwo\nthree\n")),
        ("deleted", &|root| remove(&root.join("src"))),
        ("mode", &|root| set_mode(&root.join("run.sh"), 0o644)),
        ("unreadable", &|root| set_mode(&root.join("a.txt"), 0)),
        ("link changed", &|root| {
            remove(&root.join("link"));
            std::os::unix::fs::symlink("/nowhere", root.join("link")).unwrap();
        }),
        ("file became folder", &|root| {
            remove(&root.join("a.txt"));
            write(&root.join("a.txt/x.o"), b"x");
        }),
        ("folder became file", &|root| {
            remove(&root.join("src"));
            write(&root.join("src"), b"x");
        }),
        ("folder became link", &|root| {
            remove(&root.join("src"));
            std::os::unix::fs::symlink("/tmp", root.join("src")).unwrap();
        }),
        ("untracked", &|root| write(&root.join("src/c.rs"), b"x")),
        ("untracked, hidden by new rules", &|root| {
            write(&root.join("src/.gitignore"), b"*\n");
            write(&root.join("src/c.rs"), b"x");
        }),
        ("rules edited", &|root| {
            write(&root.join(".gitignore"), b"*\n");
            write(&root.join("x"), b"x");
        }),
        ("nested repository", &|root| {
            write(&root.join("n/.git/HEAD"), b"ref: refs/heads/x\n");
            write(&root.join("n/f"), b"x");
        }),
        ("a .git of its own", &|root| write(&root.join(".git/HEAD"), b"x")),
        ("empty folders", &|root| make_folder(&root.join("p/q/r"))),
        ("pipe", &|root| make_pipe(&root.join("pipe"))),
        ("line ends", &|root| {
            write(&root.join(".gitattributes"), b"* text\n");
            write(&root.join("a.txt"), b"one\r\ntwo\r\nthree\r\n");
        }),
    ];
    let clean: Vec<String> = times(workspace.folder()).into_keys().collect();
    for (name, act) in acts {
        act(workspace.folder());
        if !["unreadable", "empty folders", "a .git of its own"].contains(name) {
            assert_ne!(workspace.verify(tree).unwrap(), [], "{name} is not seen");
        }
        workspace.switch(tree).unwrap();
        assert_eq!(workspace.verify(tree).unwrap(), [], "{name}");
        assert_eq!(times(workspace.folder()).into_keys().collect::<Vec<_>>(), clean, "{name}");
        assert_eq!(read(&workspace.folder().join("a.txt")), "one\ntwo\nthree\n", "{name}");
        assert!(
            !workspace.folder().join("p").exists() && !workspace.folder().join(".git").exists(),
            "{name}"
        );
    }
}

#[test]
fn a_lost_or_broken_index_costs_time_only() {
    let place = Place::new();
    let (store, workspace, tree) = ready(&place);
    let index = place.path("state/candidate.index");
    for damage in [&b"garbage"[..], b""] {
        write(&index, damage);
        let other = store.lay_over(tree, &[file(b"a.txt", "x")]).unwrap();
        workspace.switch(other).unwrap();
        assert_eq!(workspace.verify(other).unwrap(), []);
    }
    remove(&index);
    workspace.switch(tree).unwrap();
    assert_eq!(workspace.verify(tree).unwrap(), []);
}

#[test]
fn attributes_decide_the_line_ends_of_files_that_did_not_change() {
    let place = Place::new();
    let (store, workspace, tree) = ready(&place);
    let windows = store.lay_over(tree, &[file(b".gitattributes", "*.txt text eol=crlf\n")]).unwrap();
    workspace.switch(windows).unwrap();
    assert_eq!(read(&workspace.folder().join("a.txt")), "one\r\ntwo\r\nthree\r\n");
    assert_eq!(workspace.take(windows).unwrap().tree, windows);
    workspace.switch(tree).unwrap();
    assert_eq!(read(&workspace.folder().join("a.txt")), "one\ntwo\nthree\n");
}

#[test]
fn what_is_taken_is_what_lies_there() {
    let place = Place::new();
    let (store, workspace, tree) = ready(&place);
    let root = workspace.folder();
    let odd = [&b"new\nline"[..], b"in\xffvalid", b"[glob]*", b"-dash", b" space "];
    for name in odd {
        write(&bytes_path(root, name), name);
    }
    set_mode(&root.join("a.txt"), 0o755);
    set_mode(&root.join("run.sh"), 0o644);
    remove(&root.join("link"));
    std::os::unix::fs::symlink("nowhere", root.join("new link")).unwrap();
    remove(&root.join("src"));
    write(&root.join("crlf.txt"), b"a\r\nb\r\n");
    write(&root.join("target/x"), b"x");
    write(&root.join("z.o"), b"x");
    make_pipe(&root.join("pipe"));
    make_folder(&root.join("empty"));
    let taken = workspace.take(tree).unwrap();
    let mut expected: Vec<TreePath> = odd.iter().map(|name| TreePath::new(*name)).collect();
    expected.extend(paths(&[".gitignore", "a.txt", "crlf.txt", "new link", "run.sh"]));
    expected.sort();
    assert_eq!(store.paths(taken.tree).unwrap(), expected);
    assert_eq!(names(&taken.ignored), ["target/", "z.o"]);
    assert_eq!(text(&store, taken.tree, "crlf.txt").as_deref(), Some("a\r\nb\r\n"));
    let change = store.changes(tree, taken.tree, 100).unwrap();
    let kinds: Vec<String> = change
        .paths
        .iter()
        .filter(|c| c.after.is_some())
        .map(|c| format!("{} {:?}", c.path, c.after.as_ref().unwrap().kind))
        .collect();
    assert!(
        kinds.contains(&"a.txt Executable".into())
            && kinds.contains(&"run.sh File".into())
            && kinds.contains(&"new link Link".into()),
        "{kinds:?}"
    );
    let second = place.workspace(&store, "second");
    second.switch(taken.tree).unwrap();
    assert_eq!(second.verify(taken.tree).unwrap(), []);
}

#[test]
fn rules_an_agent_edits_hide_nothing_and_show_nothing() {
    let place = Place::new();
    let (store, workspace, tree) = ready(&place);
    write(&workspace.folder().join(".gitignore"), b"secret.rs\n");
    write(&workspace.folder().join("secret.rs"), b"x");
    write(&workspace.folder().join("z.o"), b"x");
    let taken = workspace.take(tree).unwrap();
    assert_eq!(text(&store, taken.tree, "secret.rs").as_deref(), Some("x"));
    assert_eq!(names(&taken.ignored), ["z.o"]);
}

#[test]
fn nested_repositories_are_named_and_left_out() {
    let place = Place::new();
    let (store, workspace, tree) = ready(&place);
    for nested in ["full", "src/only-git"] {
        place.git_in(workspace.folder(), &["init", "-q", nested]);
    }
    write(&workspace.folder().join("full/x"), b"x");
    write(&workspace.folder().join("link-like/.git"), b"gitdir: /elsewhere\n");
    let taken = workspace.take(tree).unwrap();
    assert_eq!(
        (names(&taken.nested), taken.tree),
        (vec!["full".into(), "link-like".into(), "src/only-git".into()], tree)
    );
    assert_eq!(store.changes(tree, taken.tree, 10).unwrap().paths, []);
}

#[test]
fn a_file_too_large_is_named_and_not_stored() {
    let place = Place::new();
    let (_, workspace, tree) = ready(&place);
    let huge = std::fs::OpenOptions::new()
        .create_new(true)
        .write(true)
        .open(workspace.folder().join("huge"))
        .unwrap();
    huge.set_len(1 << 40).unwrap();
    let taken = workspace.take(tree).unwrap();
    assert_eq!((names(&taken.oversized), taken.tree), (vec!["huge".into()], tree));
    assert_eq!(names(&workspace.verify(tree).unwrap()), ["huge"]);
}
