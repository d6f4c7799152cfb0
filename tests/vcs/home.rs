//! What the user's own git configuration (in HOME) reaches, and what it does not.

use optiloop::vcs::store::Store;
use optiloop::vcs::user::UserRepository;

use crate::fixture::{
    Place, again_with_etc, again_with_home, as_nobody_with_home, names, read, set_mode, skip, stage, write,
};

#[test]
fn no_git_configuration_of_the_user_reaches_a_workspace() {
    if let Some(stage) = stage() {
        let user = UserRepository::discover(&stage.join("user")).unwrap();
        let store = Store::create(&stage.join("state/objects.git")).unwrap();
        let head = user.head().unwrap();
        store.seed(&user, head.commit, 10).unwrap();
        let workspace =
            optiloop::vcs::workspace::Workspace::open(&store, &stage.join("work"), &stage.join("index"))
                .unwrap();
        workspace.switch(head.tree).unwrap();
        assert_eq!(read(&workspace.folder().join("a.txt")), "one\ntwo\nthree\n");
        write(&workspace.folder().join("new.secret"), b"a\r\n");
        let taken = workspace.take(head.tree).unwrap();
        assert_eq!(
            (names(&taken.ignored), store.changes(head.tree, taken.tree, 10).unwrap().paths.len()),
            (vec![], 1)
        );
        // The user's own work tree is read by the user's own rules.
        assert_eq!(user.work_tree_change(&store).unwrap().tree, head.tree);
        return;
    }
    let place = Place::new();
    place.write("user.secret", "ignored by the user");
    let home = place.path("home");
    write(&home.join("excludes"), b"*.secret\n");
    write(&home.join("attributes"), b"*.txt text eol=crlf\n");
    let config = format!(
        "[core]\n\tautocrlf = true\n\texcludesFile = {0}/excludes\n\tattributesFile = {0}/attributes\n\tfileMode = false\n",
        home.display()
    );
    write(&home.join(".gitconfig"), config.as_bytes());
    again_with_home("home::no_git_configuration_of_the_user_reaches_a_workspace", &home, &place.path(""));
}

#[test]
fn no_attributes_of_the_machine_reach_a_workspace() {
    let test = "home::no_attributes_of_the_machine_reach_a_workspace";
    if let Some(stage) = stage() {
        let user = UserRepository::discover(&stage.join("user")).unwrap();
        let store = Store::create(&stage.join("state/objects.git")).unwrap();
        let head = user.head().unwrap();
        store.seed(&user, head.commit, 10).unwrap();
        let workspace =
            optiloop::vcs::workspace::Workspace::open(&store, &stage.join("work"), &stage.join("index"))
                .unwrap();
        workspace.switch(head.tree).unwrap();
        assert_eq!(read(&workspace.folder().join("a.txt")), "one\ntwo\nthree\n");
        assert_eq!(read(&workspace.folder().join("its.own")), "a\r\n");
        assert_eq!(workspace.take(head.tree).unwrap().tree, head.tree);
        return;
    }
    let place = Place::new();
    place.write(".gitattributes", "*.own text eol=crlf\n");
    place.write("its.own", "a\n");
    place.commit("attributes of its own");
    write(&place.path("etc/gitattributes"), b"*.txt text eol=crlf\n");
    if again_with_etc(test, &place.path("etc"), &place.path("")).is_none() {
        skip(test, "bubblewrap does not work");
    }
}

#[test]
fn an_unreadable_configuration_is_named() {
    if let Some(stage) = stage() {
        let error = UserRepository::discover(&stage.join("user")).unwrap_err();
        assert!(error.to_string().contains("the git configuration cannot be read"), "{error}");
        assert!(error.hint().unwrap().contains("HOME"), "{error}");
        return;
    }
    let place = Place::new();
    write(&place.path("home/.gitconfig"), b"[core\nbroken");
    again_with_home("home::an_unreadable_configuration_is_named", &place.path("home"), &place.path(""));
}

#[test]
fn a_home_that_may_not_be_read_is_named_too() {
    if let Some(stage) = stage() {
        let error = UserRepository::discover(&stage.join("user")).unwrap_err();
        assert!(error.to_string().contains("the git configuration cannot be read"), "{error}");
        return;
    }
    let place = Place::new();
    set_mode(&place.path("home"), 0);
    as_nobody_with_home(
        "home::a_home_that_may_not_be_read_is_named_too",
        &place.path("home"),
        &place.path(""),
    );
    set_mode(&place.path("home"), 0o700);
}

#[test]
fn without_a_name_nobody_is_the_author() {
    if let Some(stage) = stage() {
        let error = UserRepository::discover(&stage.join("user")).unwrap().author().unwrap_err();
        assert!(error.hint().unwrap().contains("git config user.name"), "{error}");
        return;
    }
    let place = Place::new();
    again_with_home("home::without_a_name_nobody_is_the_author", &place.path("home"), &place.path(""));
}
