//! The wire format of protocol buffers: just enough to read a profile without a schema compiler.
//!
//! Definition: <https://protobuf.dev/programming-guides/encoding/>. Borrows, allocates nothing, and every
//! error carries the offset in the whole message.

/// Bytes that are no message, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed {
    pub(super) offset: usize,
    pub(super) what: &'static str,
}

/// One field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// A varint or a fixed number.
    Number(u64),
    /// A text, a message or packed numbers.
    Bytes(Message<'a>),
}

/// A message, or a part of one that is read as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Message<'a> {
    bytes: &'a [u8],
    /// Where `bytes` begins in the whole message.
    offset: usize,
}

impl<'a> Message<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, offset: 0 }
    }

    pub(super) fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    pub(super) fn offset(self) -> usize {
        self.offset
    }

    pub(super) fn malformed(self, what: &'static str) -> Malformed {
        Malformed { offset: self.offset, what }
    }

    /// The next field's number and value; `None` at the end.
    pub(super) fn field(&mut self) -> Result<Option<(u64, Value<'a>)>, Malformed> {
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let start = *self;
        let tag = self.varint()?;
        let number = tag >> 3;
        if number == 0 {
            return Err(start.malformed("field number 0"));
        }
        let value = match tag & 7 {
            0 => Value::Number(self.varint()?),
            1 => Value::Number(self.fixed(8)?),
            2 => {
                let here = *self;
                let length =
                    usize::try_from(self.varint()?).map_err(|_| here.malformed("length beyond memory"))?;
                Value::Bytes(self.take(length)?)
            }
            5 => Value::Number(self.fixed(4)?),
            _ => return Err(start.malformed("a wire type that is not in use")),
        };
        Ok(Some((number, value)))
    }

    /// The next varint of packed numbers; `None` at the end.
    pub(super) fn packed(&mut self) -> Result<Option<u64>, Malformed> {
        if self.bytes.is_empty() { Ok(None) } else { self.varint().map(Some) }
    }

    fn varint(&mut self) -> Result<u64, Malformed> {
        let mut value = 0_u64;
        for (index, byte) in self.bytes.iter().take(10).enumerate() {
            value |= u64::from(byte & 0x7f).wrapping_shl(7 * u32::try_from(index).unwrap_or(0));
            if byte & 0x80 == 0 {
                if index == 9 && *byte > 1 {
                    return Err(self.malformed("a number of more than 64 bits"));
                }
                self.take(index + 1)?;
                return Ok(value);
            }
        }
        Err(self.malformed(if self.bytes.len() < 10 {
            "cut off within a number"
        } else {
            "a number of more than 64 bits"
        }))
    }

    fn fixed(&mut self, length: usize) -> Result<u64, Malformed> {
        let mut number = [0; 8];
        number[..length].copy_from_slice(self.take(length)?.bytes);
        Ok(u64::from_le_bytes(number))
    }

    fn take(&mut self, length: usize) -> Result<Self, Malformed> {
        let Some((taken, rest)) = self.bytes.split_at_checked(length) else {
            return Err(self.malformed("cut off within a field"));
        };
        let taken = Self { bytes: taken, offset: self.offset };
        *self = Self { bytes: rest, offset: self.offset + length };
        Ok(taken)
    }
}

impl Value<'_> {
    /// The number; 0 where the field is of another type.
    pub(super) fn number(self) -> u64 {
        match self {
            Self::Number(number) => number,
            Self::Bytes(_) => 0,
        }
    }

    /// The number as a signed one, as protocol buffers store `int64`.
    pub(super) fn signed(self) -> i64 {
        self.number().cast_signed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_every_wire_type_are_read() {
        let mut message = Message::new(&[
            0x08, 0x96, 0x01, 0x12, 0x02, b'h', b'i', 0x1d, 1, 0, 0, 0, 0x21, 2, 0, 0, 0, 0, 0, 0, 0,
        ]);
        let mut fields = Vec::new();
        while let Some((number, value)) = message.field().unwrap() {
            fields.push(match value {
                Value::Number(value) => format!("{number}={value}"),
                Value::Bytes(part) => format!("{number}={:?}@{}", part.bytes(), part.offset()),
            });
        }
        assert_eq!(fields, ["1=150", "2=[104, 105]@5", "3=1", "4=2"]);
    }

    #[test]
    fn what_is_no_message_is_an_error_with_its_offset() {
        for (bytes, offset, what) in [
            (&[0x08][..], 1, "cut off within a number"),
            (&[0x08, 0x80], 1, "cut off within a number"),
            (&[0x08, 1, 0x12, 9, 1], 4, "cut off within a field"),
            (&[0x0b], 0, "a wire type that is not in use"),
            (&[0x00, 0x00], 0, "field number 0"),
            (&[0x08, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2], 1, "a number of more than 64 bits"),
            (
                &[0x08, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1],
                1,
                "a number of more than 64 bits",
            ),
        ] {
            let mut message = Message::new(bytes);
            let error = loop {
                match message.field() {
                    Ok(Some(_)) => {}
                    Ok(None) => panic!("{bytes:?} was read"),
                    Err(error) => break error,
                }
            };
            assert_eq!(error, Malformed { offset, what }, "{bytes:?}");
        }
    }
}
