//! A web site of somebody else, which shows our faces in its page.

use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
};

use anyhow::Result;

/// Serves this HTML at every path of a port of its own until the process ends. Gives the address.
pub fn serve(html: String) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/", listener.local_addr()?);
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            // One thread each: browsers open connections in advance and leave them silent.
            let html = html.clone();
            thread::spawn(move || answer(connection, &html));
        }
    });
    Ok(url)
}

fn answer(mut connection: impl Read + Write, html: &str) {
    let mut head = [0; 4096];
    if connection.read(&mut head).is_ok_and(|length| length > 0) {
        // A browser that has gone away needs no answer.
        let _ = write!(
            connection,
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{html}",
            html.len()
        );
    }
}
