//! The driver's end of the launcher's socket: a file descriptor beside the first bytes.

use std::io::IoSlice;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixStream;

use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};

/// Sends `bytes` with a descriptor beside them and tells how many bytes went.
///
/// Only so can a child be given a further descriptor without unsafe code; its standard input is the socket.
pub(super) fn send_with(socket: &UnixStream, bytes: &[u8], input: &OwnedFd) -> std::io::Result<usize> {
    let descriptors = [input.as_fd()];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut beside = SendAncillaryBuffer::new(&mut space);
    beside.push(SendAncillaryMessage::ScmRights(&descriptors));
    Ok(sendmsg(socket, &[IoSlice::new(bytes)], &mut beside, SendFlags::NOSIGNAL)?)
}
