//! HTTP/1.1 on a plain socket: requests are bytes made once, and of an answer only as much is read as is needed. So the
//! load costs less than what it measures.

use std::{
    fmt::Write as _,
    io::{self, ErrorKind},
    net::SocketAddr,
    sync::Arc,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use url::form_urlencoded;

/// A request, ready to be sent.
#[derive(Debug, Clone)]
pub struct Request(pub Arc<[u8]>);

impl Request {
    pub fn get(path: &str, headers: &[(&str, &str)]) -> Self {
        Self::new("GET", path, headers, "")
    }

    pub fn post_json(path: &str, headers: &[(&str, &str)], body: &Value) -> Self {
        let headers = [headers, &[("content-type", "application/json")]].concat();
        Self::new("POST", path, &headers, &body.to_string())
    }

    pub fn post_form(path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> Self {
        let headers = [headers, &[("content-type", "application/x-www-form-urlencoded")]].concat();
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Self::new("POST", path, &headers, &body)
    }

    fn new(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Self {
        let mut text = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n");
        for (name, value) in headers {
            // Writing to a string cannot fail.
            let _ = write!(text, "{name}: {value}\r\n");
        }
        if !body.is_empty() {
            let _ = write!(text, "content-length: {}\r\n", body.len());
        }
        text.push_str("\r\n");
        text.push_str(body);
        Self(text.into_bytes().into())
    }
}

/// A kept-alive connection, on which one exchange follows the other.
pub struct Connection {
    stream: TcpStream,
    /// Of the last answer, all of it and nothing more.
    received: Vec<u8>,
}

/// An answer, where it lies in the connection's buffer.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    pub status: u16,
    head: &'a str,
    /// As it came: chunks keep their lengths between them.
    pub body: &'a [u8],
}

impl Connection {
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a request and reads its answer to the end.
    pub async fn exchange(&mut self, request: &Request) -> io::Result<Answer<'_>> {
        self.received.clear();
        self.stream.write_all(&request.0).await?;
        let mut scanned = 0;
        let head_ends = loop {
            self.read_more().await?;
            // The end of the head may lie across two reads.
            if let Some(at) = find(&self.received[scanned..], b"\r\n\r\n") {
                break scanned + at + 4;
            }
            scanned = self.received.len().saturating_sub(3);
        };
        let length = Length::of(self.head(head_ends)?)?;
        while !length.is_complete(&self.received[head_ends..]) {
            self.read_more().await?;
        }
        let head = self.head(head_ends)?;
        let status = head.get(9..12).and_then(|status| status.parse().ok()).ok_or_else(garbled)?;
        Ok(Answer { status, head, body: &self.received[head_ends..] })
    }

    async fn read_more(&mut self) -> io::Result<()> {
        if self.stream.read_buf(&mut self.received).await? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    fn head(&self, ends: usize) -> io::Result<&str> {
        std::str::from_utf8(&self.received[..ends]).map_err(|_| garbled())
    }
}

impl Answer<'_> {
    /// A header, empty where there is none. `name` is in small letters.
    pub fn header(&self, name: &str) -> &str {
        headers(self.head).find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }

    pub fn contains(&self, words: &str) -> bool {
        words.is_empty() || find(self.body, words.as_bytes()).is_some()
    }

    /// The body as text, put together from its chunks.
    pub fn text(&self) -> String {
        let mut rest = self.body;
        if !self.header("transfer-encoding").eq_ignore_ascii_case("chunked") {
            return String::from_utf8_lossy(rest).into_owned();
        }
        let mut whole = Vec::new();
        while let Some(at) = find(rest, b"\r\n") {
            let length = std::str::from_utf8(&rest[..at]).ok().and_then(|text| usize::from_str_radix(text, 16).ok());
            let Some(chunk) = length.filter(|length| *length > 0).and_then(|length| rest.get(at + 2..at + 2 + length))
            else {
                break;
            };
            whole.extend_from_slice(chunk);
            rest = rest.get(at + chunk.len() + 4..).unwrap_or_default();
        }
        String::from_utf8_lossy(&whole).into_owned()
    }

    /// What the bare server needs to answer alike. Headers that it sets itself are left out.
    pub fn recorded(&self) -> Value {
        const OWN: [&str; 4] = ["connection", "content-length", "date", "transfer-encoding"];
        let headers: Vec<_> = headers(self.head).filter(|(name, _)| !OWN.contains(name)).collect();
        json!({"status": self.status, "headers": headers, "body": self.text()})
    }
}

/// How the end of a body is told (RFC 9112, section 6.3), as far as the answers here need it.
enum Length {
    Known(usize),
    Chunked,
}

impl Length {
    fn of(head: &str) -> io::Result<Self> {
        for (name, value) in headers(head) {
            if name.eq_ignore_ascii_case("content-length") {
                return value.parse().map(Self::Known).map_err(|_| garbled());
            }
            if name.eq_ignore_ascii_case("transfer-encoding") {
                return Ok(Self::Chunked);
            }
        }
        Ok(Self::Known(0))
    }

    fn is_complete(&self, body: &[u8]) -> bool {
        match self {
            Self::Known(length) => body.len() >= *length,
            Self::Chunked => body.ends_with(b"\r\n0\r\n\r\n") || body == b"0\r\n\r\n",
        }
    }
}

fn headers(head: &str) -> impl Iterator<Item = (&str, &str)> {
    head.split("\r\n").skip(1).filter_map(|line| line.split_once(": "))
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

fn garbled() -> io::Error {
    ErrorKind::InvalidData.into()
}

#[cfg(test)]
mod tests {
    use super::{Answer, Length};

    #[test]
    fn a_body_ends_where_its_head_says() {
        let known = Length::of("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n").unwrap();
        assert!(!known.is_complete(b"ab") && known.is_complete(b"abc"));
        let chunked = Length::of("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").unwrap();
        assert!(!chunked.is_complete(b"2\r\nab\r\n") && chunked.is_complete(b"2\r\nab\r\n0\r\n\r\n"));
    }

    #[test]
    fn chunks_are_put_together() {
        let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        let answer = Answer { status: 200, head, body: b"2\r\nab\r\na\r\n0123456789\r\n0\r\n\r\n" };
        assert_eq!(answer.text(), "ab0123456789");
        assert_eq!(answer.recorded()["headers"].as_array().map(Vec::len), Some(0));
    }
}
