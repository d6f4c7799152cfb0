//! The jobs that `init --ci` writes: that linters take them, and that their commands do here what they are for, as
//! written, in clones of a bare repository.
//!
//! The actions around the commands (checkout, cache, artifacts) are replaced by what they do to folders; `gh` and the
//! agent are stubs. Nothing of the network is used.
#![expect(clippy::disallowed_methods, reason = "tests start git, bash and linters as runners do")]

mod github;
mod gitlab;
mod lint;
mod place;
