//! The fixture.

use std::collections::BTreeMap;
use std::time::Duration;

use cors_runtime::testing::{Credentials, Fetch, Mode, Redirect};
use http::HeaderValue;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) id: String,
    #[serde(default = "own_page")]
    pub(crate) page: String,
    pub(crate) steps: Vec<Step>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    #[serde(default)]
    wait_ms: u64,
    pub(crate) request: Request,
    pub(crate) preflight: Option<Answer>,
    pub(crate) response: Answer,
    #[serde(default)]
    pub(crate) hops: Vec<Hop>,
    pub(crate) want: Want,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    pub(crate) url: String,
    method: Option<String>,
    #[serde(default)]
    headers: Lines,
    mode: Option<String>,
    credentials: Option<String>,
    redirect: Option<String>,
    body: Option<String>,
    #[serde(default)]
    pub(crate) api: Api,
    /// Whether an `XMLHttpRequest` has a listener on its `upload`.
    #[serde(default)]
    listens_to_upload: bool,
}

/// What the page calls.
#[derive(Clone, Copy, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Api {
    #[default]
    Fetch,
    Xhr,
    WebSocket,
}

pub(crate) type Lines = Vec<(String, String)>;

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Lines,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hop {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) headers: Lines,
    pub(crate) preflight: Option<Answer>,
}

/// What the suite asserts.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Want {
    pub(crate) ok: bool,
    #[serde(rename = "type")]
    pub(crate) response_type: Option<String>,
    pub(crate) status: Option<u16>,
    pub(crate) preflighted: Option<bool>,
    #[serde(default)]
    pub(crate) acrm: Header,
    #[serde(default)]
    pub(crate) acrh: Header,
    #[serde(default)]
    pub(crate) origin_sent: Header,
    #[serde(default)]
    pub(crate) sent: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) not_sent: Vec<String>,
    #[serde(default)]
    pub(crate) readable: Vec<String>,
    #[serde(default)]
    pub(crate) hidden: Vec<String>,
    #[serde(default)]
    pub(crate) values: BTreeMap<String, String>,
    pub(crate) cookies_sent: Option<bool>,
}

/// What the suite asserts of a request header.
#[derive(Clone, Default, Deserialize)]
#[serde(from = "Option<String>")]
pub(crate) enum Header {
    #[default]
    Anything,
    Absent,
    Value(String),
}

impl From<Option<String>> for Header {
    fn from(value: Option<String>) -> Self {
        value.map_or(Self::Absent, Self::Value)
    }
}

fn own_page() -> String {
    with_origins("PAGE")
}

pub(crate) fn cases() -> Vec<Case> {
    let text = with_origins(include_str!("cases.jsonl"));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Replaces the names of origins, longer names first.
fn with_origins(text: &str) -> String {
    let symbols: BTreeMap<String, String> =
        serde_json::from_str(include_str!("symbols.json")).unwrap();
    let mut symbols: Vec<_> = symbols.into_iter().collect();
    symbols.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    symbols
        .iter()
        .fold(text.to_owned(), |text, (name, origin)| {
            text.replace(name, origin)
        })
}

/// One byte for each character.
pub(crate) fn bytes(value: &str) -> Vec<u8> {
    value.chars().map(|c| u8::try_from(c).unwrap()).collect()
}

impl Case {
    /// Returns whether the `http` crate cannot carry an answer, because of control bytes.
    pub(crate) fn has_unsendable_answer(&self) -> bool {
        let lines = self.steps.iter().flat_map(|step| &step.response.headers);
        lines
            .into_iter()
            .any(|(_, value)| HeaderValue::from_bytes(&bytes(value)).is_err())
    }
}

impl Step {
    pub(crate) fn wait(&self) -> Duration {
        Duration::from_millis(self.wait_ms)
    }
}

impl Request {
    pub(crate) fn fetch(&self) -> Fetch {
        let method = self.method.as_deref().unwrap_or("GET");
        let fetch = match self.api {
            Api::WebSocket => return Fetch::websocket(&self.url),
            Api::Xhr => Fetch::new(method, &self.url).xhr(),
            Api::Fetch => Fetch::new(method, &self.url),
        };
        let mut fetch = fetch
            .mode(match self.mode.as_deref() {
                None => Mode::Cors,
                Some("no-cors") => Mode::NoCors,
                Some("same-origin") => Mode::SameOrigin,
                other => panic!("{other:?}"),
            })
            .credentials(self.credentials())
            .redirect(match self.redirect.as_deref() {
                None => Redirect::Follow,
                Some("error") => Redirect::Error,
                Some("manual") => Redirect::Manual,
                other => panic!("{other:?}"),
            });
        if self.listens_to_upload {
            fetch = fetch.force_preflight();
        }
        for (name, value) in &self.headers {
            fetch = fetch.header(name, bytes(value));
        }
        match &self.body {
            Some(body) => fetch.body(body.as_str()),
            None => fetch,
        }
    }

    pub(crate) fn credentials(&self) -> Credentials {
        match self.credentials.as_deref() {
            None => Credentials::SameOrigin,
            Some("omit") => Credentials::Omit,
            Some("include") => Credentials::Include,
            other => panic!("{other:?}"),
        }
    }
}
