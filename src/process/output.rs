//! Keeps the head and the tail of a stream in bounded memory.

use std::collections::VecDeque;

use crate::model::command::Output;

/// Collects one stream: all of it up to the cap, else half from the start and half from the end.
#[derive(Debug)]
pub(super) struct Capped {
    half: usize,
    head: Vec<u8>,
    tail: VecDeque<u8>,
    dropped: u64,
}

impl Capped {
    pub(super) fn new(cap: usize) -> Self {
        Self { half: cap / 2, head: Vec::new(), tail: VecDeque::new(), dropped: 0 }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        let (head, rest) = bytes.split_at(bytes.len().min(self.half - self.head.len()));
        self.head.extend_from_slice(head);
        let (over, rest) = rest.split_at(rest.len().saturating_sub(self.half));
        let old = (self.tail.len() + rest.len()).saturating_sub(self.half).min(self.tail.len());
        let old = if over.is_empty() { old } else { self.tail.len() };
        self.tail.drain(..old);
        self.dropped += (old + over.len()) as u64;
        self.tail.extend(rest);
    }

    pub(super) fn finish(mut self) -> Output {
        if self.dropped == 0 {
            self.head.extend(&self.tail);
            return Output::whole(self.head);
        }
        Output { head: self.head, tail: self.tail.into(), dropped: self.dropped }
    }
}

#[cfg(test)]
mod tests {
    use super::Capped;

    fn capped(cap: usize, chunks: &[&str]) -> (String, String, u64) {
        let mut capped = Capped::new(cap);
        for chunk in chunks {
            capped.push(chunk.as_bytes());
        }
        let output = capped.finish();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output.head), text(output.tail), output.dropped)
    }

    #[test]
    fn output_up_to_the_cap_is_whole() {
        assert_eq!(capped(8, &["abc", "defgh"]), ("abcdefgh".into(), String::new(), 0));
    }

    #[test]
    fn output_over_the_cap_keeps_head_and_tail_however_it_is_cut() {
        let expect = ("abcd".to_owned(), "wxyz".to_owned(), 18);
        let all = "abcdefghijklmnopqrstuvwxyz";
        for size in 1..=all.len() {
            let chunks: Vec<&str> =
                all.as_bytes().chunks(size).map(|c| std::str::from_utf8(c).unwrap()).collect();
            assert_eq!(capped(8, &chunks), expect, "chunks of {size}");
        }
    }
}
