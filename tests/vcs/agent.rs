//! The agent's workspace: a repository for the agent, files for us.

use optiloop::model::id::TreeId;
use optiloop::vcs::agent_workspace::AgentWorkspace;
use optiloop::vcs::store::Store;

use crate::fixture::{Place, fingerprint, make_folder, read, remove, text, write};

fn ready(place: &Place) -> (Store, AgentWorkspace, TreeId) {
    let (store, tree) = (place.store(), place.head_tree());
    let agent =
        AgentWorkspace::open(&store, &place.path("work/agent"), &place.path("state/agent.index")).unwrap();
    agent.switch(tree, 1_767_323_045).unwrap();
    (store, agent, tree)
}

#[test]
fn the_agent_sees_one_commit_and_its_own_edits() {
    let place = Place::new();
    let (_, agent, _) = ready(&place);
    assert_eq!(place.git_in(agent.folder(), &["status", "--porcelain"]), "");
    assert_eq!(place.git_in(agent.folder(), &["log", "--format=%s"]), "base\n");
    place.git_in(agent.folder(), &["fsck", "--full"]);
    write(&agent.folder().join("a.txt"), b"edited\n");
    assert_eq!(place.git_in(agent.folder(), &["diff", "--name-only"]), "a.txt\n");
}

#[test]
fn no_file_of_the_agent_s_repository_names_the_store_or_the_user_s() {
    let place = Place::new();
    let (store, agent, _) = ready(&place);
    let state = store.path().parent().unwrap().display().to_string();
    for path in fingerprint(&agent.folder().join(".git")).into_keys() {
        let full = agent.folder().join(".git").join(&path);
        if full.is_file() {
            let content = read(&full);
            assert!(
                !content.contains(&state) && !content.contains(&place.user().display().to_string()),
                "{}",
                path.display()
            );
        }
    }
}

#[test]
fn what_an_agent_does_under_its_git_folder_changes_nothing() {
    let place = Place::new();
    let (store, agent, tree) = ready(&place);
    let root = agent.folder().to_owned();
    write(&root.join("a.txt"), b"edited\n");
    let expected = agent.take(tree).unwrap();
    let acts: &[(&str, &dyn Fn())] = &[
        ("assume-unchanged", &|| drop(place.git_in(&root, &["update-index", "--assume-unchanged", "a.txt"]))),
        ("exclude", &|| write(&root.join(".git/info/exclude"), b"*\n")),
        ("attributes", &|| write(&root.join(".git/info/attributes"), b"* filter=evil\n")),
        ("config", &|| {
            place.git_in(&root, &["config", "filter.evil.clean", "touch /tmp/evil; cat"]);
            place.git_in(&root, &["config", "core.worktree", "/tmp"]);
        }),
        ("broken index", &|| write(&root.join(".git/index"), b"garbage")),
        ("broken head", &|| write(&root.join(".git/HEAD"), b"garbage")),
        ("gone", &|| remove(&root.join(".git"))),
        ("a file", &|| write(&root.join(".git"), b"gitdir: /etc\n")),
    ];
    for (name, act) in acts {
        act();
        assert_eq!(agent.take(tree).unwrap(), expected, "{name}");
    }
    agent.switch(expected.tree, 0).unwrap();
    assert_eq!(place.git_in(&root, &["status", "--porcelain"]), "");
    assert_eq!(text(&store, expected.tree, "a.txt").as_deref(), Some("edited\n"));
}

#[test]
fn a_git_folder_that_is_a_link_is_replaced_and_not_followed() {
    let place = Place::new();
    let (_, agent, tree) = ready(&place);
    let other = place.path("elsewhere");
    make_folder(&other);
    write(&other.join("precious"), b"x");
    remove(&agent.folder().join(".git"));
    std::os::unix::fs::symlink(&other, agent.folder().join(".git")).unwrap();
    agent.switch(tree, 0).unwrap();
    assert_eq!(fingerprint(&other).len(), 1);
    assert_eq!(place.git_in(agent.folder(), &["status", "--porcelain"]), "");
}
