//! What lies below the requests: connections, as clients really use them.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Result, ensure};
use end2end::visage::Visage;

const BODY: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;

/// Some libraries send the head and the body of a request apart, and use the connection again at once.
#[test]
fn an_answer_that_comes_before_the_body_keeps_the_connection() -> Result<()> {
    let visage = Visage::start()?;
    for (path, status) in [("/mcp", "401"), ("/v1/nowhere", "404"), ("/register", "400")] {
        let mut connection = TcpStream::connect(("127.0.0.1", visage.home.port))?;
        connection.set_read_timeout(Some(Duration::from_secs(10)))?;
        connection.set_nodelay(true)?;
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost:{}\r\ncontent-type: application/json\r\n\
             accept: application/json, text/event-stream\r\ncontent-length: {}\r\n\r\n",
            visage.home.port,
            BODY.len()
        );
        connection.write_all(head.as_bytes())?;
        connection.write_all(BODY.as_bytes())?;
        let answer = read_answer(&mut connection)?;
        ensure!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{path} answered {answer}");

        let again = format!("GET /healthz HTTP/1.1\r\nhost: localhost:{}\r\n\r\n", visage.home.port);
        let second = connection.write_all(again.as_bytes()).and_then(|()| read_answer(&mut connection));
        ensure!(
            second.as_ref().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")),
            "after {path} the connection is {second:?}"
        );
    }
    Ok(())
}

/// Reads one answer: its head, and as much body as the head promises.
fn read_answer(connection: &mut TcpStream) -> std::io::Result<String> {
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    loop {
        let length = connection.read(&mut part)?;
        answer.extend_from_slice(&part[..length]);
        let text = String::from_utf8_lossy(&answer).into_owned();
        let is_whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let promised = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
            });
            body.len() >= promised.unwrap_or_default()
        });
        if is_whole || length == 0 {
            return Ok(text);
        }
    }
}
