//! Objects from the user's repository into the store: the base with a bounded number of ancestors, and later
//! single commits. Never libgit2's local fetch, which copies every object and so also what came later.
//!
//! Commits whose parents are not taken are written into `shallow`, so that git can walk the store.

use std::collections::{BTreeSet, HashSet};

use git2::{ErrorCode, ObjectType, Odb, Oid, PackBuilder, Repository, Sort};

use super::error::{Doing as _, VcsError};
use super::objects::{commit_id, commit_oid};
use super::store::Store;
use super::user::UserRepository;
use crate::fs;
use crate::model::id::CommitId;

/// How many ancestors the store takes along, for an agent's or a person's `git log`.
pub const ANCESTORS: usize = 200;

impl Store {
    /// Takes a commit with at most `ancestors` of its ancestors. What the store already has is not taken again.
    ///
    /// All objects of the commit itself must be there; history ends where an ancestor's are not.
    pub fn seed(&self, user: &UserRepository, base: CommitId, ancestors: usize) -> Result<(), VcsError> {
        let (from, into) = (user.repository()?, self.repository()?);
        let store_odb = into.odb().doing("open the store's objects")?;
        let mut packer = Packer {
            from: &from,
            from_odb: from.odb().doing("open the repository's objects")?,
            store_odb: &store_odb,
            builder: from.packbuilder().doing("start a pack")?,
            seen: HashSet::new(),
        };
        let mut taken = HashSet::new();
        for id in ancestry(&from, base, ancestors)? {
            if store_odb.exists(id) {
                continue;
            }
            let needs = packer.commit(id)?;
            if let Some(first) = needs.missing.first().cloned() {
                if id == commit_oid(base) {
                    return Err(VcsError::MissingObjects { commit: base, count: needs.missing.len(), first });
                }
                break;
            }
            packer.insert(needs)?;
            taken.insert(id);
        }
        if taken.is_empty() {
            return self.seed_submodules(user, base);
        }
        let folder = self.path.join("objects").join("pack");
        fs::create_folder(&folder)?;
        // `shallow` first: a pack without it would look like a broken history, it without the pack is harmless.
        self.write_shallow(&from, &taken, &store_odb)?;
        packer.builder.write(&folder, 0o444).doing("write a pack into the store")?;
        self.seed_submodules(user, base)
    }

    /// As [`Self::seed`] without ancestors: for a commit to judge.
    pub fn import(&self, user: &UserRepository, id: CommitId) -> Result<(), VcsError> {
        self.seed(user, id, 0)
    }

    fn write_shallow(
        &self,
        from: &Repository,
        taken: &HashSet<Oid>,
        store: &Odb<'_>,
    ) -> Result<(), VcsError> {
        let path = self.path.join("shallow");
        let before = fs::read_text_if_present(&path)?.unwrap_or_default();
        let mut cut: BTreeSet<String> = before.lines().map(str::to_owned).collect();
        // libgit2 hides the parents of the user's own shallow commits, git in the store would miss them.
        let user_shallow = fs::read_text_if_present(&from.commondir().join("shallow"))?.unwrap_or_default();
        let user_shallow: HashSet<&str> = user_shallow.lines().collect();
        for id in taken {
            let commit = from.find_commit(*id).doing(format!("find commit {id}"))?;
            let outside = commit.parent_ids().any(|parent| !taken.contains(&parent) && !store.exists(parent));
            if outside || user_shallow.contains(id.to_string().as_str()) {
                cut.insert(id.to_string());
            }
        }
        if cut.is_empty() {
            return Ok(());
        }
        let lines: Vec<&str> = cut.iter().map(String::as_str).collect();
        Ok(fs::replace(&path, (lines.join("\n") + "\n").as_bytes())?)
    }
}

/// The commit and at most `ancestors` before it, children first.
fn ancestry(from: &Repository, base: CommitId, ancestors: usize) -> Result<Vec<Oid>, VcsError> {
    let base = commit_oid(base);
    if ancestors == 0 {
        return Ok(vec![base]);
    }
    let mut walk = from.revwalk().doing("walk the history")?;
    walk.set_sorting(Sort::TOPOLOGICAL).and_then(|()| walk.push(base)).doing("walk the history")?;
    // A hole in the history (a broken or partial clone) ends it.
    Ok(walk.take(ancestors + 1).map_while(Result::ok).collect())
}

struct Packer<'a> {
    from: &'a Repository,
    from_odb: Odb<'a>,
    store_odb: &'a Odb<'a>,
    builder: PackBuilder<'a>,
    seen: HashSet<Oid>,
}

/// What one commit needs that neither the pack nor the store has.
#[derive(Default)]
struct Needs {
    /// Trees and blobs that were looked at.
    new: HashSet<Oid>,
    /// Objects to pack, with a name that helps to find deltas.
    objects: Vec<(Oid, String)>,
    /// Paths of objects that are not there.
    missing: Vec<String>,
}

impl Packer<'_> {
    fn commit(&self, id: Oid) -> Result<Needs, VcsError> {
        let commit = self.from.find_commit(id).doing(format!("find commit {}", commit_id(id)))?;
        let mut needs = Needs::default();
        needs.objects.push((id, String::new()));
        self.tree(commit.tree_id(), "", &mut needs)?;
        Ok(needs)
    }

    fn tree(&self, id: Oid, path: &str, needs: &mut Needs) -> Result<(), VcsError> {
        if !self.is_new(id, needs) {
            return Ok(());
        }
        let tree = match self.from.find_tree(id) {
            Err(error) if error.code() == ErrorCode::NotFound => {
                needs.missing.push(if path.is_empty() { id.to_string() } else { path.to_owned() });
                return Ok(());
            }
            tree => tree.doing(format!("read tree {id}"))?,
        };
        for entry in &tree {
            let name = format!("{path}{}", String::from_utf8_lossy(entry.name_bytes()));
            match entry.kind() {
                Some(ObjectType::Tree) => self.tree(entry.id(), &format!("{name}/"), needs)?,
                Some(ObjectType::Blob) if self.is_new(entry.id(), needs) => {
                    if self.from_odb.exists(entry.id()) {
                        needs.objects.push((entry.id(), name));
                    } else {
                        needs.missing.push(name);
                    }
                }
                // A submodule's commit is in another repository.
                _ => {}
            }
        }
        needs.objects.push((id, path.to_owned()));
        Ok(())
    }

    fn is_new(&self, id: Oid, needs: &mut Needs) -> bool {
        !self.seen.contains(&id) && needs.new.insert(id) && !self.store_odb.exists(id)
    }

    fn insert(&mut self, needs: Needs) -> Result<(), VcsError> {
        for (id, name) in &needs.objects {
            self.builder.insert_object(*id, Some(name)).doing(format!("pack {id}"))?;
        }
        self.seen.extend(needs.new);
        Ok(())
    }
}
