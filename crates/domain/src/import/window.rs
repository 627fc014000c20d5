//! A bounded look at the bytes to come, which knows the line number of each.

use std::io::{self, Read};

/// Unread bytes of the file. Only as many are held as a caller asks for with [`Window::fill`].
pub(super) struct Window<R> {
    reader: R,
    buffer: Vec<u8>,
    start: usize,
    line: u64,
    consumed: u64,
    /// The last byte taken was a `\r`, which ends a line unless a `\n` follows.
    after_return: bool,
}

const STEP: usize = 64 * 1024;

impl<R> Window<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new(), start: 0, line: 1, consumed: 0, after_return: false }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// The line of the first byte in the window, counted from 1; `\n`, `\r\n` and a lone `\r` each end one.
    pub(super) fn line(&self) -> u64 {
        let ended = self.after_return && self.bytes().first() != Some(&b'\n');
        self.line + u64::from(ended)
    }

    pub(super) fn consumed(&self) -> u64 {
        self.consumed
    }

    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.buffer.capacity()
    }

    pub(super) fn consume(&mut self, count: usize) {
        let count = count.min(self.buffer.len() - self.start);
        for byte in &self.buffer[self.start..self.start + count] {
            if *byte == b'\n' || self.after_return {
                self.line += 1;
            }
            self.after_return = *byte == b'\r';
        }
        self.start += count;
        self.consumed += count as u64;
    }
}

impl<R: Read> Window<R> {
    /// Adds the next piece of the file; `false` at its end.
    pub(super) fn fill(&mut self) -> io::Result<bool> {
        // Moving only once the dead part outweighs the rest keeps the cost of many short rows linear.
        if self.start > self.buffer.len() / 2 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let before = self.buffer.len();
        self.buffer.resize(before + STEP, 0);
        loop {
            match self.reader.read(&mut self.buffer[before..]) {
                Ok(count) => {
                    self.buffer.truncate(before + count);
                    return Ok(count > 0);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.buffer.truncate(before);
                    return Err(error);
                }
            }
        }
    }

    /// Takes line ends off the front, so that the next byte starts a row; `false` when the file has ended.
    pub(super) fn skip_empty_lines(&mut self) -> io::Result<bool> {
        loop {
            let empty = self.bytes().iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            self.consume(empty);
            if !self.bytes().is_empty() {
                return Ok(true);
            }
            if !self.fill()? {
                return Ok(false);
            }
        }
    }

    /// Takes the rest of the line, however long, and leaves its line end.
    pub(super) fn skip_line(&mut self) -> io::Result<()> {
        loop {
            match line_length(self.bytes()) {
                Some(length) => {
                    self.consume(length);
                    return Ok(());
                }
                None => self.consume(self.bytes().len()),
            }
            if !self.fill()? {
                return Ok(());
            }
        }
    }
}

/// Bytes before the first line end, if there is one.
pub(super) fn line_length(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n'))
}
