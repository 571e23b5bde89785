//! The cache of preflights.

use std::time::Duration;

use url::Url;

use super::fetch::Credentials;
use super::request::Request;
use super::safelist::is_non_wildcard;

/// The [CORS-preflight cache](https://fetch.spec.whatwg.org/#cors-preflight-cache).
#[derive(Debug, Default)]
pub(super) struct PreflightCache {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    origin: String,
    url: Url,
    is_include: bool,
    allows: Allows,
    expires: Duration,
}

/// The method or the header name of an entry. `*` is a wildcard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Allows {
    Method(String),
    Header(String),
}

impl Allows {
    fn covers(&self, wanted: &Self) -> bool {
        match (self, wanted) {
            (Self::Method(allowed), Self::Method(method)) => allowed == method || allowed == "*",
            (Self::Header(allowed), Self::Header(name)) => {
                allowed.eq_ignore_ascii_case(name) || (allowed == "*" && !is_non_wildcard(name))
            }
            _ => false,
        }
    }
}

impl Entry {
    fn is_of(&self, request: &Request) -> bool {
        self.origin == request.serialized_origin() && self.url == request.url
    }

    /// [Cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match).
    fn matches(&self, request: &Request) -> bool {
        self.is_of(request) && (self.is_include || request.credentials != Credentials::Include)
    }
}

impl PreflightCache {
    pub(super) fn covers(&self, request: &Request, wanted: &Allows, now: Duration) -> bool {
        self.entries.iter().any(|entry| {
            now < entry.expires && entry.matches(request) && entry.allows.covers(wanted)
        })
    }

    /// Keeps what a preflight allowed until the clock shows `expires`.
    pub(super) fn store(
        &mut self,
        request: &Request,
        allows: Allows,
        now: Duration,
        age: Duration,
    ) {
        let expires = now.saturating_add(age);
        self.entries.retain(|entry| now < entry.expires);
        let mut matching = self.entries.iter_mut();
        let entry = matching.find(|entry| entry.matches(request) && entry.allows.covers(&allows));
        if let Some(entry) = entry {
            entry.expires = expires;
            return;
        }
        self.entries.push(Entry {
            origin: request.serialized_origin(),
            url: request.url.clone(),
            is_include: request.credentials == Credentials::Include,
            allows,
            expires,
        });
    }

    /// [Clears](https://fetch.spec.whatwg.org/#concept-cache-clear) what is kept for the origin and
    /// the URL of a request that failed.
    pub(super) fn clear(&mut self, request: &Request) {
        self.entries.retain(|entry| !entry.is_of(request));
    }
}
