//! The launcher's end of the socket: lines, and at most one file descriptor beside them.

use std::io::{IoSliceMut, Write as _};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixStream;

use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};

/// Bytes read at once.
const CHUNK: usize = 16 << 10;

/// A socket that is read line by line.
#[derive(Debug)]
pub(super) struct Wire {
    socket: UnixStream,
    pending: Vec<u8>,
    input: Option<OwnedFd>,
}

impl Wire {
    pub(super) fn on_standard_input() -> std::io::Result<Self> {
        // A duplicate that closes on exec: the command gets another standard input.
        let socket = UnixStream::from(std::io::stdin().as_fd().try_clone_to_owned()?);
        Ok(Self { socket, pending: Vec::new(), input: None })
    }

    /// The same socket for a thread that reads on; what has been read and not used goes with it.
    pub(super) fn reader(&self) -> std::io::Result<Self> {
        Ok(Self { socket: self.socket.try_clone()?, pending: self.pending.clone(), input: None })
    }

    /// The next line without its end; `None` when the other side has closed.
    pub(super) fn line(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        let mut seen = 0;
        loop {
            if let Some(at) = self.pending[seen..].iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.pending.drain(..=seen + at).collect();
                line.pop();
                return Ok(Some(line));
            }
            seen = self.pending.len();
            if self.receive()? == 0 {
                return Ok(None);
            }
        }
    }

    fn receive(&mut self) -> std::io::Result<usize> {
        let mut bytes = [0; CHUNK];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut beside = RecvAncillaryBuffer::new(&mut space);
        let received = loop {
            let mut parts = [IoSliceMut::new(&mut bytes)];
            match recvmsg(&self.socket, &mut parts, &mut beside, RecvFlags::CMSG_CLOEXEC) {
                Err(rustix::io::Errno::INTR) => {}
                result => break result?,
            }
        };
        for message in beside.drain() {
            if let RecvAncillaryMessage::ScmRights(descriptors) = message {
                self.input = descriptors.last().or(self.input.take());
            }
        }
        self.pending.extend_from_slice(&bytes[..received.bytes]);
        Ok(received.bytes)
    }

    /// The file descriptor that came along, if one did.
    pub(super) fn take_input(&mut self) -> Option<OwnedFd> {
        self.input.take()
    }

    pub(super) fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.socket.write_all(bytes)
    }
}
