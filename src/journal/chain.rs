//! The chain of hashes: what ties each record to all before it.
//!
//! It shows that history was not edited afterwards, given any later hash that was kept elsewhere (each commit
//! carries one); a history cut at its end verifies, but lacks that hash ([`super::Journal::seq_of`]).

use sha2::Digest as _;

use crate::model::id::Digest;

/// What stands before the first record: zeros.
pub(super) fn genesis() -> Digest {
    Digest::new([0; 32])
}

/// A chain that holds: how long it is and how it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    /// Records in it.
    pub records: u64,
    /// Hash of the last one; all zeros when there is none.
    pub head: Digest,
}

/// What a record's hash is taken over, besides the hash before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link<'a> {
    /// Its number.
    pub seq: i64,
    /// Its run.
    pub run: &'a str,
    /// Its kind.
    pub kind: &'a str,
    /// When it was appended, nanoseconds since 1970.
    pub at: i64,
    /// Its body as stored.
    pub body: &'a str,
}

impl Link<'_> {
    /// The record's hash. Texts are preceded by their lengths: moving a byte from one to the next is seen.
    pub(super) fn hash(self, previous: Digest) -> Digest {
        let mut sha = sha2::Sha256::new();
        sha.update(previous.bytes());
        sha.update(self.seq.to_be_bytes());
        for text in [self.run, self.kind] {
            sha.update((text.len() as u64).to_be_bytes());
            sha.update(text);
        }
        sha.update(self.at.to_be_bytes());
        sha.update((self.body.len() as u64).to_be_bytes());
        sha.update(self.body);
        Digest::new(sha.finalize().into())
    }
}
