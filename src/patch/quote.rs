//! Path names as git writes them in diffs: C-quoted where a byte would confuse a reader.
//!
//! Format: `quote.c` of git; <https://git-scm.com/docs/git-config#Documentation/git-config.txt-corequotePath>.

/// Writes `prefix` and `path`, in quotes if a byte needs it.
pub fn quoted(prefix: &str, path: &[u8]) -> Vec<u8> {
    let plain = |byte: &u8| (0x20..0x7f).contains(byte) && *byte != b'"' && *byte != b'\\';
    let mut out = Vec::with_capacity(prefix.len() + path.len());
    if path.iter().all(plain) {
        out.extend(prefix.bytes());
        out.extend(path);
        return out;
    }
    out.push(b'"');
    out.extend(prefix.bytes());
    for byte in path {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', *byte]),
            b'\n' => out.extend(b"\\n"),
            b'\t' => out.extend(b"\\t"),
            b'\r' => out.extend(b"\\r"),
            byte if plain(byte) => out.push(*byte),
            byte => out.extend(format!("\\{byte:03o}").bytes()),
        }
    }
    out.push(b'"');
    out
}

/// Reads a quoted text at the start of `text`: its bytes and what follows; `None` if it is malformed.
pub fn unquoted(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut rest = text.strip_prefix(b"\"")?;
    let mut out = Vec::new();
    loop {
        let (&byte, tail) = rest.split_first()?;
        rest = tail;
        match byte {
            b'"' => return Some((out, rest)),
            b'\\' => {
                let (&escape, tail) = rest.split_first()?;
                rest = tail;
                out.push(match escape {
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'r' => b'\r',
                    b'a' => 7,
                    b'b' => 8,
                    b'f' => 12,
                    b'v' => 11,
                    b'"' | b'\\' => escape,
                    b'0'..=b'3' => {
                        let digits = rest.get(..2)?;
                        rest = &rest[2..];
                        digits.iter().try_fold(escape - b'0', |value, digit| match digit {
                            b'0'..=b'7' => Some((value << 3) | (digit - b'0')),
                            _ => None,
                        })?
                    }
                    _ => return None,
                });
            }
            byte => out.push(byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_survives_quoting() {
        let all: Vec<u8> = (1..=255).collect();
        let text = quoted("a/", &all);
        let (bytes, rest) = unquoted(&text).unwrap();
        assert_eq!((&bytes[2..], rest), (&all[..], &b""[..]));
    }

    #[test]
    fn a_broken_quote_is_not_a_path() {
        for text in ["\"a", "\"a\\", "\"\\9\"", "\"\\07", "a"] {
            assert_eq!(unquoted(text.as_bytes()), None, "{text}");
        }
    }
}
