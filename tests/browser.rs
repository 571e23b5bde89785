//! Tests the demo, started as a user starts it, and its two pages in Chromium.
//!
//! The test lists the expected result of each row again. So it fails for a row that is missing, and
//! for a row with a wrong expectation.

#[path = "common/web_driver.rs"]
mod web_driver;

use std::error::Error;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use fantoccini::{Client, Locator};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::web_driver::Driver;

const PATIENCE: Duration = Duration::from_secs(60);

/// The row, the result in the browser on the allowed page, and a part of the details.
#[rustfmt::skip] // a row of the page is a row here
const ALLOWED: [(&str, &str, &str); 15] = [
    ("simple-get", "200, body readable", r#""name":"Hammer""#),
    ("json-post", "201, body readable", r#""name":"Spanner""#),
    ("custom-header-put", "200, body readable", r#""editor":"demo""#),
    ("delete", "204, status readable", ""),
    ("with-cookie", "200, a cookie arrived", r#"{"visitor":"ada"}"#),
    ("any-header-put", "200, a cookie arrived", r#"{"visitor":"ada"}"#),
    ("without-cookie", "200, no cookie arrived", r#"{"visitor":null}"#),
    ("unauthorized", "401, body readable", "a token is required"),
    ("authorized", "200, body readable", "in their place"),
    ("not-found", "404, body readable", "there is no item 4040"),
    ("unprocessable", "422, body readable", "missing field `name`"),
    ("exposed-header", "200, x-total-count readable", "x-total-count: 3"),
    ("unexposed-header", "200, x-build hidden", "x-build: null"),
    ("refused-method", BLOCKED, BLOCKED_DETAILS),
    ("refused-header", BLOCKED, BLOCKED_DETAILS),
];

const BLOCKED: &str = "blocked by the browser";
const BLOCKED_DETAILS: &str = "TypeError: Failed to fetch";

#[tokio::test]
#[ignore = "needs chromium and chromedriver; .ci/run runs it with --include-ignored"]
async fn the_allowed_page_reads_every_allowed_response() {
    let demo = Demo::start().await;
    let [first, second] = visit(&demo.allowed()).await;

    assert_eq!(
        first.rows(),
        ALLOWED.map(|(name, actual, _)| (name, "pass", actual))
    );
    for (row, (name, _, piece)) in first.rows.iter().zip(ALLOWED) {
        assert!(
            row.detail.contains(piece),
            "{name}: {piece:?} is not in {:?}",
            row.detail
        );
    }
    for row in &first.rows[..13] {
        assert_eq!((&*row.why, &*row.attribute), ("", ""), "{}", row.name);
    }
    for (row, addition) in first.rows[13..].iter().zip(["content-type", "x-secret"]) {
        assert_eq!(row.server, "API: OPTIONS 403", "{}", row.name);
        assert!(row.why.contains("refused the preflight"), "{}", row.why);
        let addition = format!("headers = [\"{addition}\"]");
        assert!(row.attribute.contains(&addition), "{}", row.attribute);
    }
    assert_eq!(first.rows[1].server, "API: OPTIONS 204, POST 201");
    assert_eq!(first.summary, "15 of 15 as expected");
    assert_eq!(first.other, demo.refused());
    assert_eq!(second.rows(), first.rows(), "run again");
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver; .ci/run runs it with --include-ignored"]
async fn the_refused_page_reads_no_response() {
    let demo = Demo::start().await;
    let [first, second] = visit(&demo.refused()).await;

    assert_eq!(
        first.rows(),
        ALLOWED.map(|(name, ..)| (name, "pass", BLOCKED))
    );
    for row in &first.rows {
        assert_eq!(row.detail, BLOCKED_DETAILS, "{}", row.name);
        let reason = if row.server == "API: OPTIONS 403" {
            "refused the preflight"
        } else {
            "without Access-Control-Allow-Origin"
        };
        assert!(row.why.contains(reason), "{}: {}", row.name, row.why);
        assert!(row.attribute.contains(&demo.refused()), "{}", row.attribute);
    }
    assert_eq!(first.summary, "15 of 15 as expected");
    assert_eq!(first.other, demo.allowed());
    assert_eq!(second.rows(), first.rows(), "run again");
}

#[tokio::test]
async fn it_prints_its_addresses_and_the_mounted_policies() {
    let demo = Demo::start().await;
    let (api, allowed, refused) = (demo.api(), demo.allowed(), demo.refused());
    let output = demo.stop().await;

    let text = String::from_utf8(output.stdout).expect("utf-8");
    for address in [api, allowed, refused] {
        assert!(text.contains(&address), "{address} is not in:\n{text}");
    }
    for (method, path) in [
        ("GET", "/items"),
        ("POST", "/items"),
        ("GET", "/items/{id}"),
        ("PUT", "/items/{id}"),
        ("DELETE", "/items/{id}"),
        ("GET", "/session"),
        ("POST", "/session"),
        ("GET", "/staff/report"),
    ] {
        let mounted = |line: &str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            words.contains(&method) && words.contains(&path) && line.contains("api.rs:")
        };
        assert!(
            text.lines().any(mounted),
            "{method} {path} is not in:\n{text}"
        );
    }
}

#[tokio::test]
async fn a_port_in_use_is_an_error_that_names_the_variable() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let number = taken.local_addr().expect("bound").port().to_string();

    for variable in ["DEMO_API_PORT", "DEMO_ALLOWED_PORT", "DEMO_REFUSED_PORT"] {
        let mut ports = free_ports();
        let port = ports.iter_mut().find(|(name, _)| *name == variable);
        port.expect("one of the three").1.clone_from(&number);
        let output = spawn(&ports).wait_with_output();
        let output = timeout(PATIENCE, output)
            .await
            .expect("it ends")
            .expect("it ran");

        let message = String::from_utf8(output.stderr).expect("utf-8");
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert_eq!(
            message,
            format!("demo: port {number} is taken: set {variable} to a free one\n")
        );
    }
}

#[tokio::test]
async fn an_invalid_port_is_an_error_that_names_the_variable() {
    for value in ["http", "0", "65536", "", "5174 "] {
        let output = spawn(&[("DEMO_REFUSED_PORT", value.to_owned())]).wait_with_output();
        let output = timeout(PATIENCE, output)
            .await
            .expect("it ends")
            .expect("it ran");

        assert_eq!(output.status.code(), Some(1));
        assert_eq!(
            String::from_utf8(output.stderr).expect("utf-8"),
            format!("demo: DEMO_REFUSED_PORT is `{value}`: expected a port from 1 to 65535\n")
        );
    }
}

// The demo

type Ports = [(&'static str, String); 3];

struct Demo {
    ports: Ports,
    process: Child,
}

impl Demo {
    async fn start() -> Self {
        let ports = free_ports();
        let process = spawn(&ports);
        let mut demo = Self { ports, process };
        timeout(PATIENCE, demo.answers())
            .await
            .expect("the API answers in time");
        demo
    }

    async fn answers(&mut self) {
        while self.send_request().await.is_err() {
            let ended = self.process.try_wait().expect("the demo is our child");
            assert!(ended.is_none(), "the demo ended: {ended:?}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Sends a request, because the port is open before the demo is ready.
    async fn send_request(&self) -> std::io::Result<()> {
        let address = self.api().replace("http://", "");
        let mut stream = TcpStream::connect(address).await?;
        stream
            .write_all(b"GET /items HTTP/1.1\r\nhost: demo\r\n\r\n")
            .await?;
        stream.read_u8().await.map(drop)
    }

    fn api(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports[0].1)
    }

    /// Uses `localhost`, because the policies allow 127.0.0.1 only with the port 5173.
    fn allowed(&self) -> String {
        format!("http://localhost:{}", self.ports[1].1)
    }

    fn refused(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports[2].1)
    }

    async fn stop(mut self) -> Output {
        self.process.kill().await.expect("it was running");
        self.process.wait_with_output().await.expect("its output")
    }
}

fn spawn(ports: &[(&'static str, String)]) -> Child {
    let mut command = Command::new(&*EXECUTABLE);
    command.envs(ports.iter().map(|(name, port)| (name, port)));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.kill_on_drop(true).spawn().expect("the demo starts")
}

/// Builds the demo with Cargo, but starts it directly, because killing `cargo run` would leave its
/// child process.
static EXECUTABLE: LazyLock<PathBuf> = LazyLock::new(|| {
    let build = std::process::Command::new(env!("CARGO"))
        .args([
            "build",
            "--quiet",
            "--package",
            "demo",
            "--message-format=json",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo runs");
    assert!(build.status.success(), "the demo does not build");
    let messages = String::from_utf8(build.stdout).expect("utf-8");
    messages
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a message in JSON"))
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .expect("an executable among the messages")
});

/// Returns free ports. Binds all of them at once, so that they are different.
fn free_ports() -> Ports {
    let listeners = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").expect("a free port"));
    let [api, allowed, refused] =
        listeners.map(|it| it.local_addr().expect("bound").port().to_string());
    [
        ("DEMO_API_PORT", api),
        ("DEMO_ALLOWED_PORT", allowed),
        ("DEMO_REFUSED_PORT", refused),
    ]
}

// The browser

/// The content of the page when it is done.
#[derive(Deserialize)]
struct Page {
    summary: String,
    other: String,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    name: String,
    state: String,
    actual: String,
    detail: String,
    server: String,
    why: String,
    attribute: String,
}

impl Page {
    fn rows(&self) -> Vec<(&str, &str, &str)> {
        self.rows
            .iter()
            .map(|row| (&*row.name, &*row.state, &*row.actual))
            .collect()
    }
}

/// Returns the page when it is done, and again after a click on its button.
async fn visit(url: &str) -> [Page; 2] {
    let driver = timeout(PATIENCE, Driver::chromium(&[], json!({})))
        .await
        .expect("the driver is up in time");
    let pages = timeout(PATIENCE, read_twice(&driver, url)).await;
    // Stops the driver before any assertion, because a driver that is killed leaves its browser and
    // the profile.
    let ended = timeout(PATIENCE, driver.quit()).await;

    let pages = pages.expect("the page is done in time");
    let pages = pages.expect("the page can be read");
    ended.expect("the driver ends in time");
    pages
}

async fn read_twice(driver: &Driver, url: &str) -> Result<[Page; 2], Box<dyn Error>> {
    let browser = driver.browser().await?;
    browser.goto(url).await?;
    let first = read(&browser).await?;
    browser.find(Locator::Id("again")).await?.click().await?;
    let second = read(&browser).await?;
    browser.close().await?;
    Ok([first, second])
}

async fn read(browser: &Client) -> Result<Page, Box<dyn Error>> {
    let done = Locator::Css("body[data-state=done]");
    browser.wait().at_most(PATIENCE).for_element(done).await?;
    Ok(serde_json::from_value(
        browser.execute(READ, Vec::new()).await?,
    )?)
}

const READ: &str = "
    const text = (element) => element.textContent;
    return {
        summary: text(document.querySelector('#summary')),
        other: document.querySelector('#other').getAttribute('href'),
        rows: [...document.querySelectorAll('tr[data-name]')].map((row) => ({
            name: row.dataset.name,
            state: row.dataset.state,
            actual: text(row.querySelector('.actual')),
            detail: text(row.querySelector('.detail')),
            server: text(row.querySelector('.server')),
            why: text(row.querySelector('.why')),
            attribute: text(row.querySelector('.attribute')),
        })),
    };
";
