//! Reads origins from a file, and again on SIGHUP.
//!
//! ```sh
//! echo https://app.example.com > /tmp/origins.txt
//! cargo run -p example-origins-from-file /tmp/origins.txt
//! ```
//!
//! and then, in another terminal:
//!
//! ```sh
//! curl -i http://127.0.0.1:3002/items -H 'Origin: https://other.example.com'
//! echo https://other.example.com >> /tmp/origins.txt
//! kill -HUP PID                                        # as it was printed
//! curl -i http://127.0.0.1:3002/items -H 'Origin: https://other.example.com'
//! ```

use std::error::Error;
use std::path::Path;

use cors_runtime::OriginList;
use cors_runtime::axum::{Router, cors, routing::get};
use tokio::net::TcpListener;

static ORIGINS: OriginList = OriginList::new();

#[cors(origins = [ORIGINS])]
async fn items() -> &'static str {
    "tea\n"
}

/// Reads one origin per line. Lines that start with `#` are comments.
fn read(path: &Path) -> Result<(), Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    let lines = text.lines().map(str::trim);
    ORIGINS.replace(lines.filter(|line| !line.is_empty() && !line.starts_with('#')))?;
    println!("{}: {} origins", path.display(), ORIGINS.len());
    Ok(())
}

/// Reads the file again on each SIGHUP. If the file is invalid, the old origins stay.
#[cfg(unix)]
async fn reload(path: &Path) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut hangup = signal(SignalKind::hangup())?;
    while hangup.recv().await.is_some() {
        if let Err(error) = read(path) {
            eprintln!("{}: {error}; the old origins stay", path.display());
        }
    }
    Ok(())
}

#[cfg(not(unix))]
async fn reload(_: &Path) -> std::io::Result<()> {
    std::future::pending().await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("which file?")?;
    let path = Path::new(&path);
    // The list has to be filled before the handler is mounted, which panics otherwise.
    read(path)?;
    let app = Router::new().route("/items", get(items));
    let listener = TcpListener::bind("127.0.0.1:3002").await?;
    let (address, pid) = (listener.local_addr()?, std::process::id());
    println!("listening on http://{address}, process {pid}");
    tokio::select! {
        served = axum::serve(listener, app).into_future() => served?,
        reloaded = reload(path) => reloaded?,
    }
    Ok(())
}
