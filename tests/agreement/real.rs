//! A plan in a real browser.

use fantoccini::Client;
use fantoccini::error::{CmdError, NewSessionError};
use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::json;
use tokio::time::sleep;
use url::{ParseError, Url};

use crate::network::Network;
use crate::outcome::Outcome;
use crate::page;
use crate::plan::{Plan, PlanStep};
use crate::web_driver::Driver;
use crate::world::{Run, World};

/// A page of this origin contains the frame of an opaque origin.
const AROUND_FRAME: &str = "http://site.wpt.example:8000";

/// Starts Chromium. Third-party cookies are on, so that their attributes decide.
pub(crate) async fn chromium(network: &Network) -> Driver {
    let sockets = network.sockets().iter();
    let rules = sockets.flat_map(|(port, address)| {
        ["*.example", "localhost"].map(|host| format!("MAP {host}:{port} {address}"))
    });
    let rules = rules.collect::<Vec<_>>().join(",");
    let arguments = [format!("--host-resolver-rules={rules}")];
    let preferences = json!({ "profile.cookie_controls_mode": 0 });
    Driver::chromium(&arguments, preferences).await
}

/// Starts Firefox, with the rules of Chromium for cookies.
pub(crate) async fn firefox(network: &Network) -> Driver {
    let sockets = network.sockets().iter();
    let ports = sockets.map(|(port, address)| format!("{port}={}", address.port()));
    let preferences = json!({
        "network.dns.forceResolve": "127.0.0.1",
        "network.socket.forcePort": ports.collect::<Vec<_>>().join(";"),
        "network.cookie.cookieBehavior": 0,
        "network.cookie.sameSite.laxByDefault": true,
        "network.cookie.sameSite.noneRequiresSecure": true,
        "network.websocket.delay-failed-reconnects": false,
        "dom.security.https_first": false,
    });
    Driver::firefox(preferences).await
}

/// The command of `chromedriver` that returns the lines of the console.
#[derive(Debug)]
struct Console;

impl WebDriverCompatibleCommand for Console {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}

pub(crate) struct Engine {
    client: Client,
    page: Option<String>,
}

impl Engine {
    pub(crate) async fn start(driver: &Driver) -> Result<Self, NewSessionError> {
        let client = driver.browser().await?;
        Ok(Self { client, page: None })
    }

    pub(crate) async fn close(self) -> Result<(), CmdError> {
        self.client.close().await
    }

    /// Returns the name and the version of the browser.
    pub(crate) fn version(&self) -> String {
        let text = |name| self.capability(name).unwrap_or("unknown");
        format!("{} {}", text("browserName"), text("browserVersion"))
    }

    fn capability(&self, name: &str) -> Option<&str> {
        self.client.capabilities()?.get(name)?.as_str()
    }

    pub(crate) async fn run(&mut self, world: &World, plan: &Plan) -> Result<Vec<Run>, CmdError> {
        for (url, line) in &plan.cookies {
            self.page = None;
            self.client
                .goto(&format!("{url}{}?{line}", page::PATH))
                .await?;
        }
        self.open(&plan.page).await?;
        let mut runs = Vec::new();
        for step in &plan.steps {
            sleep(step.wait).await;
            world.begin(step);
            let outcome = self.fetch(&plan.page, step).await?;
            let console = match &*plan.page {
                // The console of a frame that is gone is not kept.
                "null" => None,
                _ => self.console().await?,
            };
            runs.push(world.end(outcome, console));
        }
        Ok(runs)
    }

    /// Returns the lines of the console since the last call. `geckodriver` cannot return them.
    async fn console(&self) -> Result<Option<Vec<String>>, CmdError> {
        if self.capability("browserName") != Some("chrome") {
            return Ok(None);
        }
        let log = self.client.issue_cmd(Console).await?;
        let lines = log.as_array().into_iter().flatten();
        let lines = lines.filter_map(|line| line["message"].as_str());
        Ok(Some(lines.map(str::to_owned).collect()))
    }

    async fn open(&mut self, page: &str) -> Result<(), CmdError> {
        let page = if page == "null" { AROUND_FRAME } else { page };
        if self.page.as_deref() != Some(page) {
            self.client.goto(&format!("{page}/{}", page::PATH)).await?;
            self.page = Some(page.to_owned());
        }
        Ok(())
    }

    async fn fetch(&self, page: &str, step: &PlanStep) -> Result<Outcome, CmdError> {
        let function = if page == "null" { "runInFrame" } else { "run" };
        let script = format!("{function}(arguments[0]).then(arguments[1])");
        let request = serde_json::to_value(&step.request)?;
        let outcome = self.client.execute_async(&script, vec![request]).await?;
        Ok(serde_json::from_value(outcome)?)
    }
}
