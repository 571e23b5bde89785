//! A server that answers by a step of the web-platform-tests, with any bytes.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};

use crate::case::{Answer, bytes};
use crate::network::{Connection, Handler, Record, Stream};
use crate::outcome::Arrived;
use crate::page;
use crate::table::Table;

/// The table of the current step.
pub(crate) type Current = Arc<Mutex<Option<Table>>>;

pub(crate) fn handler(current: Current, record: Record) -> Handler {
    Arc::new(move |connection| {
        let (current, record) = (Arc::clone(&current), Arc::clone(&record));
        Box::pin(async move { _ = serve(connection, &current, &record).await })
    })
}

/// Serves one request, and closes the connection.
async fn serve(connection: Connection, current: &Current, record: &Record) -> std::io::Result<()> {
    let mut stream = BufReader::new(connection.stream);
    let Some(mut request) = read(&mut stream, connection.scheme).await? else {
        return Ok(());
    };
    let path = request.url.splitn(4, '/').nth(3).unwrap_or_default();
    let response = if page::is_page(path) {
        page_response()
    } else if path == "favicon.ico" {
        wire(&request, &empty(404))
    } else {
        let (_, host_and_path) = request.url.split_once("://").expect("a URL");
        let answer = match &mut *current.lock().expect("no panic") {
            Some(table) if table.is_for(host_and_path) => table.answer(request.is_preflight()),
            _ => empty(500),
        };
        request.is_redirected = answer.headers.iter().any(|(name, _)| name == "location");
        let response = wire(&request, &answer);
        record.lock().expect("no panic").push(request);
        response
    };
    stream.write_all(&response).await?;
    stream.shutdown().await
}

async fn read(
    stream: &mut BufReader<Box<dyn Stream>>,
    scheme: &str,
) -> std::io::Result<Option<Arrived>> {
    let first = line(stream).await?;
    let mut words = first.split(' ');
    let (Some(method), Some(target)) = (words.next(), words.next()) else {
        return Ok(None);
    };
    let mut lines = Vec::new();
    loop {
        let line = line(stream).await?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        lines.push((name.to_owned(), bytes(value.trim_matches([' ', '\t']))));
    }
    let headers = lines.iter().map(|(name, value)| (&**name, &**value));
    let mut request = Arrived::new(method, "", headers);
    let host = request.header("host").unwrap_or_default();
    request.url = format!("{scheme}://{host}{target}");
    let length = request.header("content-length").unwrap_or("0").parse();
    let mut body = vec![0; length.expect("a length")];
    stream.read_exact(&mut body).await?;
    Ok(Some(request))
}

async fn line(stream: &mut BufReader<Box<dyn Stream>>) -> std::io::Result<String> {
    let mut line = Vec::new();
    stream.read_until(b'\n', &mut line).await?;
    let line: String = line.into_iter().map(char::from).collect();
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn empty(status: u16) -> Answer {
    Answer {
        status,
        headers: Vec::new(),
    }
}

fn wire(request: &Arrived, answer: &Answer) -> Vec<u8> {
    let mut wire =
        format!("HTTP/1.1 {} Status\r\nConnection: close\r\n", answer.status).into_bytes();
    let mut length = None;
    for (name, value) in &answer.headers {
        wire.extend([name.as_bytes(), b": ", &bytes(value), b"\r\n"].concat());
        if name == "content-length" {
            length = value.parse().ok();
        }
    }
    let has_no_body = request.method == "HEAD" || matches!(answer.status, 204 | 304);
    if length.is_none() && !has_no_body {
        wire.extend(b"Content-Length: 0\r\n");
    }
    wire.extend(b"\r\n");
    if !has_no_body {
        wire.extend(vec![b'x'; length.unwrap_or(0)]);
    }
    wire
}

fn page_response() -> Vec<u8> {
    let html = page::HTML;
    let length = html.len();
    format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\n\
         Content-Length: {length}\r\n\r\n{html}"
    )
    .into_bytes()
}
