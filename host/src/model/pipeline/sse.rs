//! Server-sent events, as far as a chat stream needs them: `data:` lines between blank lines.

/// Longest event that is kept.
const EVENT_BYTES_MAX: usize = 1024 * 1024;

#[derive(Default)]
pub(super) struct Events {
    line: Vec<u8>,
    data: String,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

impl Events {
    /// Takes bytes as they arrive; gives the data of every event they complete.
    pub(super) fn push(&mut self, bytes: &[u8], out: &mut Vec<String>) -> Result<(), TooLong> {
        for &byte in bytes {
            match byte {
                b'\n' => self.end_line(out),
                b'\r' => {}
                _ if self.line.len() + self.data.len() >= EVENT_BYTES_MAX => return Err(TooLong),
                _ => self.line.push(byte),
            }
        }
        Ok(())
    }

    fn end_line(&mut self, out: &mut Vec<String>) {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            if !self.data.is_empty() {
                out.push(std::mem::take(&mut self.data));
            }
            return;
        }
        let Some(value) = line.strip_prefix(b"data:") else { return };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        if !self.data.is_empty() {
            self.data.push('\n');
        }
        self.data.push_str(&String::from_utf8_lossy(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(stream: &str, expected: &[&str]) {
        for size in 1..=stream.len() {
            let mut events = Events::default();
            let mut out = Vec::new();
            for piece in stream.as_bytes().chunks(size) {
                events.push(piece, &mut out).unwrap();
            }
            assert_eq!(out, expected, "in pieces of {size}");
        }
    }

    #[test]
    fn events_come_whole_whatever_the_pieces() {
        check("data: {\"a\":1}\n\ndata: [DONE]\n\n", &["{\"a\":1}", "[DONE]"]);
        check("data: é…\r\n\r\n", &["é…"]);
        check(": ping\n\nevent: x\ndata:a\ndata: b\n\n", &["a\nb"]);
        check("data: never ended", &[]);
    }

    #[test]
    fn an_endless_event_is_refused() {
        let mut events = Events::default();
        let flood = vec![b'x'; EVENT_BYTES_MAX + 1];
        assert_eq!(events.push(&flood, &mut Vec::new()), Err(TooLong));
    }
}
