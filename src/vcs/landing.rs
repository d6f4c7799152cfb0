//! The hand-over: commits of the store into the user's repository, under one branch.
//!
//! Objects first, loose (git keeps a few loose objects better than many small packs), then one ref; a cut in
//! between leaves unreachable objects and nothing else. Besides these only the branch's reflog is written.

use git2::{ErrorCode, ObjectType, Odb, Oid, Repository};

use super::error::{Doing as _, VcsError};
use super::objects::{commit_id, commit_oid};
use super::store::Store;
use super::user::UserRepository;
use crate::model::id::{CommitId, RunId};

/// What a landing did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landed {
    /// The branch, as `optiloop/<run>`.
    pub branch: String,
    /// Where it stood before; `None` if it is new.
    pub before: Option<CommitId>,
    /// How many objects the repository did not have.
    pub objects: usize,
}

impl UserRepository {
    /// Hands a commit over and moves the run's branch forward to it. Doing it again changes nothing.
    pub fn land(&self, store: &Store, run: &RunId, commit: CommitId) -> Result<Landed, VcsError> {
        let (into, from) = (self.repository()?, store.repository()?);
        let branch = format!("optiloop/{run}");
        let name = format!("refs/heads/{branch}");
        let before = self.landed(run)?;
        if before == Some(commit) {
            return Ok(Landed { branch, before, objects: 0 });
        }
        if let Some(path) = checked_out(&into, &name)? {
            return Err(VcsError::CheckedOut { branch, path });
        }
        let mut copy = Copy {
            from: &from,
            odb: from.odb().doing("open the store's objects")?,
            into: into.odb().doing("open the repository's objects")?,
            objects: 0,
        };
        copy.commit(commit_oid(commit))?;
        let objects = copy.objects;
        let log = format!("optiloop: land {}", commit.short());
        let moved = match before {
            None => into.reference(&name, commit_oid(commit), false, &log),
            Some(tip) => {
                if !self.is_behind(tip, commit)? {
                    return Err(VcsError::NotFastForward { branch, tip, commit });
                }
                into.reference_matching(&name, commit_oid(commit), true, commit_oid(tip), &log)
            }
        };
        moved.map(drop).doing(format!("move the branch {branch}"))?;
        Ok(Landed { branch, before, objects })
    }

    /// Where the run's branch stands; `None` if there is none yet.
    pub fn landed(&self, run: &RunId) -> Result<Option<CommitId>, VcsError> {
        match self.repository()?.refname_to_id(&format!("refs/heads/optiloop/{run}")) {
            Ok(id) => Ok(Some(commit_id(id))),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error).doing(format!("look up the branch optiloop/{run}")),
        }
    }
}

/// The work tree in which the branch is checked out.
fn checked_out(repository: &Repository, name: &str) -> Result<Option<std::path::PathBuf>, VcsError> {
    let on = |place: &std::path::Path| {
        let head = crate::fs::read_text_if_present(&place.join("HEAD")).ok().flatten();
        head.is_some_and(|head| head.trim_end() == format!("ref: {name}"))
    };
    let common = repository.commondir();
    if on(common) && !repository.is_bare() {
        return Ok(Some(common.to_owned()));
    }
    for tree in repository.worktrees().doing("list the work trees")?.iter_bytes() {
        let place = common.join("worktrees").join(super::objects::as_path(tree));
        if on(&place) {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

struct Copy<'a> {
    from: &'a Repository,
    odb: Odb<'a>,
    into: Odb<'a>,
    objects: usize,
}

impl Copy<'_> {
    /// Copies a commit with all it stands on that is not there yet; what is named comes before what names it.
    fn commit(&mut self, tip: Oid) -> Result<(), VcsError> {
        let mut open = vec![tip];
        let mut order = Vec::new();
        while let Some(id) = open.pop() {
            if self.into.exists(id) {
                continue;
            }
            let commit = self.from.find_commit(id).doing(format!("find commit {id}"))?;
            open.extend(commit.parent_ids());
            order.push((id, commit.tree_id()));
        }
        for (id, tree) in order.into_iter().rev() {
            self.tree(tree)?;
            self.object(id)?;
        }
        Ok(())
    }

    fn tree(&mut self, id: Oid) -> Result<(), VcsError> {
        if self.into.exists(id) {
            return Ok(());
        }
        let tree = self.from.find_tree(id).doing(format!("read tree {id}"))?;
        for entry in &tree {
            match entry.kind() {
                Some(ObjectType::Tree) => self.tree(entry.id())?,
                Some(ObjectType::Blob) => self.object(entry.id())?,
                _ => {}
            }
        }
        self.object(id)
    }

    fn object(&mut self, id: Oid) -> Result<(), VcsError> {
        if self.into.exists(id) {
            return Ok(());
        }
        let object = self.odb.read(id).doing(format!("read object {id}"))?;
        self.into.write(object.kind(), object.data()).doing(format!("hand over object {id}"))?;
        self.objects += 1;
        Ok(())
    }
}
