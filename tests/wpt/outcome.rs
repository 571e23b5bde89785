//! What a page gets, and the requests that arrive at a server.

use std::collections::BTreeMap;

use cors_runtime::testing::{Blocked, Exchange, Page, ResponseType};
use serde::Deserialize;

/// What a page gets. A part that the page cannot see is absent, for example the type of a response
/// to an `XMLHttpRequest`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Outcome {
    pub(crate) ok: bool,
    #[serde(rename = "type")]
    pub(crate) response_type: Option<String>,
    pub(crate) status: Option<u16>,
    pub(crate) url: Option<String>,
    pub(crate) redirected: Option<bool>,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Option<String>,
}

impl Outcome {
    pub(crate) async fn of(result: Result<Page, Blocked>) -> Self {
        let Ok(page) = result else {
            return Self::default();
        };
        let headers = page.headers();
        Self {
            ok: true,
            response_type: Some(type_name(page.response_type()).to_owned()),
            status: Some(page.status()),
            url: Some(page.url().to_owned()),
            redirected: Some(page.is_redirected()),
            headers: headers.map(|(n, v)| (n.to_owned(), v.to_owned())).collect(),
            body: Some(page.text().await),
        }
    }
}

fn type_name(response_type: ResponseType) -> &'static str {
    match response_type {
        ResponseType::Basic => "basic",
        ResponseType::Cors => "cors",
        ResponseType::Opaque => "opaque",
        ResponseType::OpaqueRedirect => "opaqueredirect",
    }
}

/// A request that arrived.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arrived {
    pub(crate) method: String,
    pub(crate) url: String,
    /// In lower case and sorted. Lines of one name are joined by `, `, and each byte is one
    /// character.
    pub(crate) headers: BTreeMap<String, String>,
    /// Whether the answer had a `Location`.
    pub(crate) is_redirected: bool,
}

impl Arrived {
    pub(crate) fn new<'a>(
        method: &str,
        url: &str,
        headers: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Self {
        let mut joined = BTreeMap::<String, String>::new();
        for (name, value) in headers {
            let value: String = value.iter().copied().map(char::from).collect();
            joined
                .entry(name.to_ascii_lowercase())
                .and_modify(|lines| *lines = format!("{lines}, {value}"))
                .or_insert(value);
        }
        Self {
            method: method.to_owned(),
            url: url.to_owned(),
            headers: joined,
            is_redirected: false,
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub(crate) fn is_preflight(&self) -> bool {
        self.method == "OPTIONS" && self.header("access-control-request-method").is_some()
    }
}

impl From<&Exchange> for Arrived {
    fn from(exchange: &Exchange) -> Self {
        let headers = exchange.request_headers().iter();
        let headers = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
        Self {
            is_redirected: exchange.response_header("location").is_some(),
            ..Self::new(exchange.method(), exchange.url(), headers)
        }
    }
}
