//! A real browser, by its `chromedriver` or `geckodriver`.
#![allow(dead_code, reason = "every binary uses a part of this")]

use std::env;
use std::process::Stdio;

use fantoccini::error::NewSessionError;
use fantoccini::{Client, ClientBuilder};
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Without `--user-data-dir`: the driver creates an empty profile and removes it.
const CHROMIUM_ARGUMENTS: [&str; 8] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// `chromedriver` or `geckodriver`, and the capabilities of its browser.
pub(crate) struct Driver {
    process: Child,
    address: String,
    capabilities: Value,
}

impl Driver {
    /// Starts `chromedriver`, for a Chromium with more arguments and with these preferences.
    pub(crate) async fn chromium(arguments: &[String], preferences: Value) -> Self {
        let own = CHROMIUM_ARGUMENTS.iter().map(ToString::to_string);
        let arguments: Vec<String> = own.chain(arguments.iter().cloned()).collect();
        let capabilities = json!({
            "acceptInsecureCerts": true,
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": { "args": arguments, "prefs": preferences },
        });
        Self::start("CHROMEDRIVER", "chromedriver", capabilities).await
    }

    /// Starts `geckodriver`, for a Firefox with these preferences.
    pub(crate) async fn firefox(preferences: Value) -> Self {
        let capabilities = json!({
            "acceptInsecureCerts": true,
            "moz:firefoxOptions": { "args": ["-headless"], "prefs": preferences },
        });
        Self::start("GECKODRIVER", "geckodriver", capabilities).await
    }

    async fn start(variable: &str, program: &str, capabilities: Value) -> Self {
        let mut command = Command::new(env::var_os(variable).unwrap_or_else(|| program.into()));
        command
            .arg("--port=0")
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let mut process = command
            .spawn()
            .unwrap_or_else(|error| panic!("{program} is not there ({variable}): {error}"));
        let stdout = process.stdout.as_mut().expect("piped");
        let mut lines = BufReader::new(stdout).lines();
        while let Some(line) = lines.next_line().await.expect("utf-8") {
            if let Some(port) = port(&line) {
                let address = format!("http://127.0.0.1:{port}");
                return Self {
                    process,
                    address,
                    capabilities,
                };
            }
        }
        panic!("{program} ended before it printed its port");
    }

    /// Starts the browser.
    pub(crate) async fn browser(&self) -> Result<Client, NewSessionError> {
        let capabilities = self.capabilities.as_object().expect("an object").clone();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder
            .capabilities(capabilities)
            .connect(&self.address)
            .await
    }

    /// Ends the driver, after its browser. If `chromedriver` is killed, the browser and the profile
    /// stay.
    pub(crate) async fn quit(mut self) {
        let shutdown = format!("{}/shutdown", self.address);
        let http = hyper_util::client::legacy::Client::builder(TokioExecutor::new());
        let http = http.build_http::<Empty<Bytes>>();
        let answer = http.get(shutdown.parse().expect("an address")).await;
        if !answer.expect("the driver is up").status().is_success() {
            // `geckodriver` does not know `/shutdown`.
            self.process.start_kill().expect("the driver is our child");
        }
        self.process.wait().await.expect("the driver is our child");
    }
}

/// Reads the port from the line that a driver prints.
fn port(line: &str) -> Option<&str> {
    let chromedriver = line.split_once("started successfully on port ");
    let geckodriver = line.split_once("Listening on 127.0.0.1:");
    let (_, port) = chromedriver.or(geckodriver)?;
    Some(port.trim_end_matches('.'))
}
