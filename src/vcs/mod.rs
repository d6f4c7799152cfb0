//! Git: the user's repository, our object store and the workspaces. The only module that knows git2, whose
//! types never leave it.
//!
//! [`user::UserRepository`] is read-only but for one branch, moved by its `land`. [`store::Store`] is our bare
//! object database, in which every tree that is built, tested or measured exists as a [`TreeId`]; it is
//! seeded from the user's repository and never fetched into. [`workspace::Workspace`] is a plain folder with
//! one of those trees in it, [`agent_workspace::AgentWorkspace`] the one an agent edits.
//! Every value here is a path that is opened anew for each act: libgit2 caches nothing across acts, and the
//! values are `Send` and `Sync`.
//!
//! Not here: what a change may contain (`policy`), when a tree is switched (`app`).
//! Start at [`store::Store`].
//!
//! [`TreeId`]: crate::model::id::TreeId

pub mod agent_workspace;
pub mod error;
pub mod outputs;
pub mod scratch;
pub mod store;
pub mod user;
pub mod workspace;

mod apply;
mod changes;
mod compose;
mod landing;
mod left_out;
mod lfs;
mod objects;
mod opening;
mod rules;
mod scan;
mod seed;
mod submodules;
mod work_tree;

pub use apply::{Applied, DoesNotApply};
pub use changes::DiffText;
pub use compose::{Carried, Merged, NewFile};
pub use landing::Landed;
pub use left_out::LeftOut;
pub use seed::ANCESTORS;
pub use work_tree::FileState;
