//! A repository of our own, for what is compared outside of any: bare, with one empty commit.
//!
//! Start at [`open`].

use std::path::Path;

use git2::{Repository, RepositoryInitOptions, Signature, Time};

use super::error::{Doing as _, VcsError};
use super::user::UserRepository;

/// Opens it, making it first if nothing is there. A creation that was cut is finished.
pub fn open(path: &Path) -> Result<UserRepository, VcsError> {
    let mut options = RepositoryInitOptions::new();
    options.bare(true).external_template(false).mkpath(true).initial_head("main");
    let made = Repository::init_opts(path, &options);
    let repository = made.doing(format!("create the repository {}", path.display()))?;
    if repository.head().is_err() {
        let empty = repository.treebuilder(None).and_then(|builder| builder.write());
        let tree = empty.and_then(|id| repository.find_tree(id)).doing("make an empty tree")?;
        let nobody = Signature::new("optiloop", "optiloop@localhost", &Time::new(0, 0));
        let nobody = nobody.doing("sign a commit")?;
        let commit = repository.commit(Some("HEAD"), &nobody, &nobody, "nothing\n", &tree, &[]);
        commit.doing("make an empty commit")?;
    }
    UserRepository::open(path)
}
